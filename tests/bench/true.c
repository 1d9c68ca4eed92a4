/* SPDX-License-Identifier: 0BSD */
/* The shortest command: what a start costs without any. */

int main(void)
{
	return 0;
}
