/* SPDX-License-Identifier: 0BSD */
#ifndef INSTALL_H
#define INSTALL_H

/* pidbox --install [-s] [-f] DIR: makes a link for every applet. argv[0] is "--install". Returns
 * the exit status; prints what it could not do. */
int install_main(char **argv);

#endif
