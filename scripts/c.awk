# SPDX-License-Identifier: 0BSD
# Reading C line by line, as much as docs.awk and lint.awk need of it. POSIX awk.
# c_start() goes before each file, then c_code() over each of its lines.

function c_start() {
	C_COMMENT = 0
}

# A line without its comments; string and character literals stay as they are. C_COMMENT says
# whether a comment goes on to the next line.
function c_code(line,   code, n) {
	if (!C_COMMENT && line !~ /\/[*\/]/)
		return line
	code = ""
	while (line != "") {
		if (C_COMMENT) {
			n = index(line, "*/")
			if (!n)
				return code
			C_COMMENT = 0
			line = substr(line, n + 2)
			code = code " "
		} else if (substr(line, 1, 2) == "/*") {
			C_COMMENT = 1
			line = substr(line, 3)
		} else if (substr(line, 1, 2) == "//") {
			return code
		} else {
			n = c_piece(line)
			code = code substr(line, 1, n)
			line = substr(line, n + 1)
		}
	}
	return code
}

# The length of the string literal, the character literal, the word, the run of blanks or the one
# other character that stands at the beginning of code.
function c_piece(code) {
	if (match(code, /^"([^"\\]|\\.)*"/) || match(code, /^'([^'\\]|\\.)*'/) ||
	    match(code, /^[A-Za-z0-9_]+/) || match(code, /^[ \t]+/))
		return RLENGTH
	return 1
}

# What a literal stands for. Not every escape: those that texts for people have.
function c_unquote(literal,   text, n, c) {
	literal = substr(literal, 2, length(literal) - 2)
	text = ""
	while ((n = index(literal, "\\"))) {
		c = substr(literal, n + 1, 1)
		if (c == "n")
			c = "\n"
		else if (c == "t")
			c = "\t"
		text = text substr(literal, 1, n - 1) c
		literal = substr(literal, n + 2)
	}
	return text literal
}
