/* SPDX-License-Identifier: 0BSD */
/* Linked into the build with sanitizers. What a program holds at its end the kernel takes back. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
