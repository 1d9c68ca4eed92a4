# SPDX-License-Identifier: 0BSD
# docs.awk - what the manual and the README say, out of the sources of the applets; POSIX awk.
#
#   awk -v mode=MODE [-v date=DATE] [-v version=VERSION] [-v dir=DIR] \
#       -f c.awk -f docs.awk -f mdoc.awk FILE...
#
#   man        a page in mdoc(7) of each applet, into DIR/NAME.1, or to stdout
#   main       the page pidbox.1 to stdout
#   table      the table of applets in Markdown
#   rows       "NAME LETTER LONG ARGUMENT CONDITION" of each option row, with tabs between them
#   examples   "NAME COMMAND" of each example, with a tab between them
#
# Read are APPLET(), the rows of #define ROWS(OPT, OPT_) and #define COLUMNS(COL), also where a header
# beside the file has them, //alias: lines, and //man: lines. Their prose:
#
#   a blank line    ends a paragraph
#   # HEADING       begins a section; what comes before the first is DESCRIPTION
#   $ COMMAND       an example, which the tests run
#   - TERM          an entry of a list; the paragraph below it explains it
#   name(7)         a reference; SEE ALSO holds nothing else
#
# A line that begins with a tab or two blanks is shown as it is. Errors are "FILE:LINE: ...", exit
# status 1.

BEGIN {
	ERR = "cat 1>&2"
	if (mode !~ /^(man|main|table|rows|examples)$/) {
		print "docs.awk: unknown mode '" mode "'" | ERR
		unusable = 1
		exit 1
	}
}

# ---- reading

FNR == 1 {
	end_of_file()
	file = FILENAME
	c_start()
	n_tokens = n_man = in_directive = own_rows = 0
}

/^\/\/alias:/ {
	aliases = (aliases == "" ? "" : aliases " ") substr($0, 9)
	next
}

/^\/\/man:/ {
	man[++n_man] = substr($0, 7)
	sub(/[ \t\r]+$/, "", man[n_man])
	man_line[n_man] = FNR
	next
}

in_directive || /^[ \t]*#/ {
	directive($0)
	if (in_rows && !own_rows)
		own_rows = FNR + 1
	if ($0 ~ /^#include "/)
		header($0)
	next
}

{
	tokenise(c_code($0))
}

END {
	if (unusable)
		exit 1
	end_of_file()
	if (!failed && mode == "table")
		markdown_table()
	if (!failed && mode == "main")
		main_page()
	close(ERR)
	exit failed
}

function fail(line, msg) {
	print file ":" line ": " msg | ERR
	failed = 1
}

# A directive of the preprocessor counts, over all its lines, if it holds rows.
function directive(line,   code) {
	code = c_code(line)
	if (!in_directive)
		in_rows = sub(/^#define [A-Z_]+\((OPT, OPT_|COL)\)/, "", code)
	in_directive = sub(/\\$/, "", code)
	if (in_rows)
		tokenise(code)
}

# The directives of a header, when it is beside the file that includes it.
function header(line,   path) {
	split(line, path, "\"")
	path[1] = FILENAME
	if (!sub(/[^\/]*$/, path[2], path[1]))
		return
	while ((getline line < path[1]) > 0)
		if (in_directive || line ~ /^[ \t]*#/)
			directive(line)
		else
			c_code(line)
	close(path[1])
}

# Tokens: kind "s" for a string (adjacent ones are one), "c" a character, "w" a word, "p" the rest.
function tokenise(code,   n, piece, kind) {
	for (; code != ""; code = substr(code, n + 1)) {
		n = c_piece(code)
		piece = substr(code, 1, n)
		if (piece ~ /^[ \t\r]/)
			continue
		kind = piece ~ /^[A-Za-z0-9_]/ ? "w" : "p"
		if (n > 1 && piece ~ /^["']/) {
			kind = piece ~ /^"/ ? "s" : "c"
			piece = c_unquote(piece)
		}
		if (kind != "s" || !n_tokens || token_kind[n_tokens] != "s") {
			token[++n_tokens] = ""
			token_kind[n_tokens] = kind
			token_line[n_tokens] = FNR
		}
		token[n_tokens] = token[n_tokens] piece
	}
}

function punctuation(i, c) {
	return token_kind[i] == "p" && token[i] == c
}

# Splits what stands between the bracket at token `i` and its partner at the commas, into arg[] and
# arg_kind[] (the kinds of its tokens: "s" when it is one string). Returns the partner's place.
function arguments(i,   depth, first) {
	first = i
	n_args = 1
	arg[1] = arg_kind[1] = ""
	depth = 1
	for (i++; i <= n_tokens; i++) {
		if (token_kind[i] == "p") {
			if (token[i] ~ /[({[]/)
				depth++
			if (token[i] ~ /[])}]/ && !--depth)
				return i
			if (token[i] == "," && depth == 1) {
				n_args++
				arg[n_args] = arg_kind[n_args] = ""
				continue
			}
		}
		arg[n_args] = arg[n_args] token[i]
		arg_kind[n_args] = arg_kind[n_args] token_kind[i]
	}
	fail(token_line[first], "this bracket is not closed")
	return n_tokens
}

# Finds the applet, its option rows and its column rows.
function parse(   i, condition, condition_end) {
	applet = ""
	n_rows = n_cols = 0
	condition_end = 0
	for (i = 1; i < n_tokens; i++) {
		if (token_kind[i] != "w")
			continue
		if (i > condition_end)
			condition = ""
		if (!punctuation(i + 1, "("))
			continue
		if (token[i] ~ /^IF_/) {
			condition = substr(token[i], 4)
			condition_end = arguments(i + 1)
		} else if (token[i] == "APPLET") {
			read_applet(i)
		} else if (token[i] == "OPT" || token[i] == "OPT_") {
			read_option(i, condition)
		} else if (token[i] == "COL") {
			read_column(i)
		}
	}
}

function read_applet(i) {
	arguments(i + 1)
	if (applet != "")
		fail(token_line[i], "a second APPLET() in one file")
	if (n_args < 3 || arg_kind[2] != "s" || arg_kind[3] != "s" || arg[2] == "")
		fail(token_line[i], "APPLET() takes a name, a summary and a synopsis as literals")
	applet = arg[1]
	summary = arg[2]
	synopsis = arg[3]
}

function read_option(i, condition) {
	arguments(i + 1)
	if (n_args < 6 || (arg_kind[1] != "c" && arg[1] != "0") || arg_kind[2] != "s" ||
	    arg_kind[3] != "s" || arg_kind[n_args] != "s") {
		fail(token_line[i], "OPT() takes a letter or 0, a long name, an argument, ... " \
		     "and a help as literals")
		return
	}
	n_rows++
	row_letter[n_rows] = arg_kind[1] == "c" ? arg[1] : ""
	row_name[n_rows] = arg[2]
	row_arg[n_rows] = arg[3]
	row_help[n_rows] = arg[n_args]
	row_condition[n_rows] = condition
	row_line[n_rows] = token_line[i]
}

function read_column(i) {
	arguments(i + 1)
	if (n_args < 3 || arg_kind[1] != "s" || arg_kind[2] != "s" || arg_kind[n_args] != "s") {
		fail(token_line[i], "COL() takes a name, a header, ... and a help as literals")
		return
	}
	n_cols++
	col_name[n_cols] = arg[1]
	col_header[n_cols] = arg[2]
	col_help[n_cols] = arg[n_args]
}

function end_of_file(   i) {
	if (file == "")
		return
	parse()
	if (applet == "") {
		if (own_rows)
			fail(own_rows, "an option row in a file without APPLET()")
		if (n_man)
			fail(man_line[1], "//man: in a file without APPLET()")
		aliases = ""
		return
	}
	n_applets++
	all_name[n_applets] = applet
	all_summary[n_applets] = summary
	all_aliases[n_applets] = aliases
	if (mode == "man" && !failed)
		applet_page()
	for (i = 1; mode == "rows" && i <= n_rows; i++)
		print applet "\t" row_letter[i] "\t" row_name[i] "\t" row_arg[i] "\t" \
		      row_condition[i]
	for (i = 1; mode == "examples" && i <= n_man; i++)
		if (man[i] ~ /^\$ /)
			print applet "\t" substr(man[i], 3)
	aliases = ""
}

# Sets by_name[1..n_applets] to the places of the applets in the order of their names.
function sort_applets(   i, j) {
	for (i = 1; i <= n_applets; i++) {
		for (j = i; j > 1 && all_name[by_name[j - 1]] > all_name[i]; j--)
			by_name[j] = by_name[j - 1]
		by_name[j] = i
	}
}

# ---- the table of README.md

function markdown_cell(s) {
	gsub(/[|]/, "\\|", s)
	return s
}

function markdown_table(   i, a, names) {
	print "| Applet | Runs also as | What it does |"
	print "|---|---|---|"
	sort_applets()
	for (i = 1; i <= n_applets; i++) {
		a = by_name[i]
		names = all_aliases[a]
		gsub(/[^ ]+/, "`&`", names)
		gsub(/ +/, ", ", names)
		print "| `" all_name[a] "` | " names (names == "" ? "" : " ") "| " \
		      markdown_cell(all_summary[a]) " |"
	}
}
