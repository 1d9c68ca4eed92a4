# SPDX-License-Identifier: 0BSD
# The pages that docs.awk makes: what it has read of one applet, or of all, in mdoc(7). POSIX awk.

BEGIN {
	# The places of sections that mdoc(7) knows, behind all others.
	N_PLACES = split("ENVIRONMENT,FILES,EXIT STATUS,EXAMPLES,DIAGNOSTICS,SEE ALSO,STANDARDS," \
	                 "HISTORY,CAVEATS,BUGS", words, ",")
	for (i = 1; i <= N_PLACES; i++)
		PLACE[words[i]] = i
	ROFF["\\"] = "\\e"
	ROFF["-"] = "\\-"
	ROFF["'"] = "\\(aq"
	ROFF["`"] = "\\(ga"
	ROFF["\""] = "\\(dq"
	ROFF["^"] = "\\(ha"
	ROFF["~"] = "\\(ti"
}

# Text as roff reads it: no escape, no request, every hyphen, quote, caret and tilde the ASCII one
# that can be copied into a shell.
function roff(s,   out, n) {
	out = ""
	while ((n = match(s, /[-\\'`"^~]/))) {
		out = out substr(s, 1, n - 1) ROFF[substr(s, n, 1)]
		s = substr(s, n + 1)
	}
	out = out s
	return out ~ /^[.]/ ? "\\&" out : out
}

# One argument of a macro: it must not be taken for another macro's name or for punctuation.
function macro_arg(s) {
	s = roff(s)
	return s ~ /^[a-z0-9]+$/ || s ~ /^\\/ ? s : "\\&" s
}

function emit(line) {
	if (page == "")
		print line
	else
		print line >page
}

# Running text: every sentence begins a line, as mdoc(7) wants it, and so does a reference.
function running(s,   n, i, word, line) {
	n = split(s, word, " ")
	line = ""
	for (i = 1; i <= n; i++) {
		if (is_reference(word[i])) {
			if (line != "")
				emit(roff(line))
			emit(reference(word[i]))
			line = ""
			continue
		}
		line = line (line == "" ? "" : " ") word[i]
		if (i == n || (word[i] ~ /[.!?][])"']*$/ && word[i] !~ /[.][a-z][.]$/)) {
			emit(roff(line))
			line = ""
		}
	}
}

function is_reference(word) {
	return word ~ /^[A-Za-z_][A-Za-z0-9_.+-]*\([1-9]\)[,.;:]?$/
}

# "name(7)," as a line of mdoc.
function reference(word,   n, end) {
	n = index(word, "(")
	end = substr(word, n + 3)
	word = roff(substr(word, 1, n - 1)) " " substr(word, n + 1, 1)
	return ".Xr " word (end == "" ? "" : " " end)
}

function page_start(name, what, from) {
	emit(".\\\" SPDX-License-Identifier: 0BSD")
	emit(".\\\" Made by scripts/docs.awk from " from ".")
	emit(".Dd " date)
	emit(".Dt " toupper(name) " 1")
	emit(".Os pidbox " version)
	emit(".Sh NAME")
	emit(".Nm " name)
	emit(".Nd " roff(what))
	emit(".Sh SYNOPSIS")
}

function applet_page(   i, from) {
	page = dir == "" ? "" : dir "/" applet ".1"
	page_start(applet, summary, file)
	synopsis_lines()
	emit(".Sh DESCRIPTION")
	running(toupper(substr(summary, 1, 1)) substr(summary, 2) ".")
	for (from = 1; from <= n_man && man[from] !~ /^# /; from++)
		;
	if (from > 1)
		emit(".Pp")
	prose(1, from - 1)
	option_list()
	column_list()
	alias_list()
	sections(from)
	if (page != "" && close(page)) {
		print page ": write error" | ERR
		failed = 1
	}
}

# One line of the synopsis is one way to call the applet. Words in capitals are what the user puts
# in, words that begin with a hyphen are typed as they are.
function synopsis_lines(   n, form, i, s, out, before, word) {
	n = split(synopsis, form, "\n")
	if (!n)
		emit(".Nm " applet)
	for (i = 1; i <= n; i++) {
		s = form[i]
		sub("^ *(or: )?(" applet " )?", "", s)
		out = ""
		while (match(s, /--?[A-Za-z][-a-z]*|[A-Z][A-Z0-9_]*/)) {
			before = substr(s, 1, RSTART - 1)
			word = substr(s, RSTART, RLENGTH)
			s = substr(s, RSTART + RLENGTH)
			word = "\\f" (word ~ /^-/ ? "B" : "I") roff(word) "\\fP"
			out = out roff_plain(before) word
		}
		emit(".Nm " applet)
		if (out s != "")
			emit("\\&" out roff_plain(s))
	}
}

# roff() in the middle of a line.
function roff_plain(s) {
	s = roff("x" s)
	return substr(s, 2)
}

function option_list(   i, item) {
	if (!n_rows)
		return
	emit(".Sh OPTIONS")
	emit(".Bl -tag -width Ds")
	for (i = 1; i <= n_rows; i++) {
		item = row_letter[i] == "" ? "" : "Fl " macro_arg(row_letter[i])
		if (row_name[i] != "")
			item = item (item == "" ? "" : " , ") "Fl Fl " macro_arg(row_name[i])
		if (row_arg[i] ~ /^\[=.*\]$/)
			item = item " Ns Op = Ns Ar " \
			       macro_arg(substr(row_arg[i], 3, length(row_arg[i]) - 3))
		else if (row_arg[i] != "")
			item = item " Ar " macro_arg(row_arg[i])
		emit(".It " item)
		running(row_help[i])
	}
	emit(".El")
}

function column_list(   i, seen, width, n) {
	if (!n_cols)
		return
	width = 0
	for (i = 1; i <= n_cols; i++) {
		n = length(col_name[i] " (" col_header[i] ")")
		width = n > width ? n : width
	}
	emit(".Sh COLUMNS")
	emit("The names that choose a column, and the header it prints:")
	emit(".Pp")
	emit(".Bl -tag -width " width "n -compact")
	for (i = 1; i <= n_cols; i++) {
		if (col_name[i] in seen)
			continue
		seen[col_name[i]] = 1
		emit(".It Cm " macro_arg(col_name[i]) " Pq " macro_arg(col_header[i]))
		running(col_help[i])
	}
	emit(".El")
}

function alias_list(   i, n, name) {
	n = split(aliases, name, " ")
	if (!n)
		return
	emit(".Sh ALIASES")
	emit("It also runs under the " (n > 1 ? "names" : "name"))
	for (i = 1; i <= n; i++)
		emit(".Nm " macro_arg(name[i]) (i < n - 1 ? " ," : i == n ? " ." : "\nand"))
}

# The sections of the prose from line `from` on: those with a name of mdoc(7)'s come in its order,
# behind the others. A page always refers to pidbox(1).
function sections(from,   i, n, start, title, rank, r, done) {
	n = 0
	for (i = from; i <= n_man; i++)
		if (man[i] ~ /^# /) {
			title[++n] = substr(man[i], 3)
			start[n] = i
			if (title[n] in done)
				fail(man_line[i], "a second section " title[n])
			done[title[n]] = 1
		}
	start[n + 1] = n_man + 1
	if (!("SEE ALSO" in done)) {
		title[++n] = "SEE ALSO"
		start[n] = start[n + 1] = n_man + 1
	}
	for (rank = 0; rank <= N_PLACES; rank++)
		for (i = 1; i <= n; i++) {
			r = title[i] in PLACE ? PLACE[title[i]] : 0
			if (r != rank)
				continue
			emit(".Sh " roff(title[i]))
			if (title[i] == "SEE ALSO")
				references(start[i] + 1, start[i + 1] - 1)
			else
				prose(start[i] + 1, start[i + 1] - 1)
		}
}

# SEE ALSO, sorted by section and name.
function references(from, to,   i, j, k, n, word, ref, key) {
	n = 0
	if (applet != "pidbox") {
		ref[++n] = "pidbox(1)"
		key[n] = "1pidbox"
	}
	for (i = from; i <= to; i++) {
		k = split(man[i], word, " ")
		for (j = 1; j <= k; j++) {
			if (!is_reference(word[j])) {
				fail(man_line[i], "SEE ALSO holds references only: " word[j])
				continue
			}
			sub(/[,.;:]$/, "", word[j])
			ref[++n] = word[j]
			key[n] = substr(word[j], length(word[j]) - 1, 1) word[j]
		}
	}
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && key[j - 1] > key[j]; j--) {
			word[1] = key[j]; key[j] = key[j - 1]; key[j - 1] = word[1]
			word[1] = ref[j]; ref[j] = ref[j - 1]; ref[j - 1] = word[1]
		}
	for (i = 1; i <= n; i++)
		if (i == n || ref[i] != ref[i + 1])
			emit(reference(ref[i] (i < n ? "," : "")))
}

# Lines `from` to `to` of the prose. State: par, whether a paragraph ended; literal, whether a
# display is open; list, whether a list is open; begun, whether the section has text yet.
function prose(from, to,   i, s) {
	par = literal = list = begun = 0
	for (i = from; i <= to; i++) {
		s = man[i]
		if (s ~ /^(\$ |\t|  )/) {
			prose_literal(s)
			continue
		}
		if (literal) {
			emit(".Ed")
			literal = 0
			par = 1
		}
		if (s == "")
			par = 1
		else if (s ~ /^- /)
			prose_item(substr(s, 3))
		else
			prose_text(s)
	}
	if (literal)
		emit(".Ed")
	if (list)
		emit(".El")
}

function prose_literal(s) {
	if (!literal)
		emit(".Bd -literal" (list ? "" : " -offset indent"))
	literal = begun = 1
	sub(/^(\t|  )/, "", s)
	emit(roff(s))
}

function prose_item(s) {
	if (!list)
		emit(".Bl -tag -width Ds")
	list = begun = 1
	par = 0
	emit(".It " roff(s))
}

# A blank line ends a list too: what explains an entry is one paragraph.
function prose_text(s) {
	if (par && list) {
		emit(".El")
		list = 0
	}
	if (par && begun)
		emit(".Pp")
	par = 0
	begun = 1
	running(s)
}

# ---- the page of the whole program

function main_page() {
	applet = "pidbox"
	page = ""
	page_start(applet, "processes and namespaces: one program that is many", "core/main.c")
	emit(".Nm\n.Ar APPLET\n.Op Ar ARGUMENT ...")
	emit(".Nm\n.Fl Fl list | Fl Fl list\\-full | Fl Fl version")
	emit(".Nm\n.Fl Fl help\n.Op Ar APPLET")
	emit(".Nm\n.Fl Fl install\n.Op Fl s\n.Op Fl f\n.Ar DIR")
	emit(".Sh DESCRIPTION")
	running("It acts as the applet whose name it is called by: through a link of that name, " \
	        "or with the name as its first argument. A hyphen in front of the name, as a " \
	        "login shell has it, does not count. A program that holds one applet only is " \
	        "that applet under any name.")
	main_options()
	main_applets()
	main_process_numbers()
	emit(".Sh EXIT STATUS")
	running("That of the applet; 127 for a name that is no applet's.")
	emit(".Sh SEE ALSO")
	man[1] = "namespaces(7) pid_namespaces(7)"
	references(1, 1)
}

function main_options() {
	emit(".Sh OPTIONS")
	emit(".Bl -tag -width Ds")
	entry("Fl Fl list", "list the names it runs under, one on a line")
	entry("Fl Fl list\\-full", "the same with the path where each link belongs")
	entry("Fl h , Fl Fl help Op Ar APPLET", "show the usage of the program or of one applet")
	entry("Fl V , Fl Fl version", "show the version, the commit and the features built in")
	entry("Fl Fl install Oo Fl s Oc Oo Fl f Oc Ar DIR",
	      "make a link in DIR for every name; what is there and is no link to this program " \
	      "is left alone, and an error")
	emit(".Bl -tag -width Ds")
	entry("Fl s", "symbolic links, with relative targets, instead of hard ones")
	entry("Fl f", "replace what is in the way")
	emit(".El\n.El")
}

function main_applets(   i, a) {
	emit(".Sh APPLETS")
	emit(".Bl -tag -width Ds")
	sort_applets()
	for (i = 1; i <= n_applets; i++) {
		a = by_name[i]
		entry("Xr " macro_arg(all_name[a]) " 1", all_summary[a])
	}
	emit(".El")
}

function main_process_numbers() {
	emit(".Sh PROCESS NUMBERS")
	running("Wherever an applet takes a PID it also takes PID@REF: the process that has the " \
	        "number PID in the PID namespace that REF names. REF is one of these:")
	emit(".Bl -tag -width Ds")
	entry("a NUMBER above 4194304, or pid:[NUMBER]",
	      "the inode of the namespace, as lsns(1) and readlink(1) show it")
	entry("any other NUMBER", "the namespace of the process with that number here")
	entry("at least 12 hexadecimal digits",
	      "the namespace of the container whose ID begins with them, found in the paths of " \
	      "the control groups; more than one such container is an error that lists them")
	emit(".El")
}

function entry(macros, what) {
	emit(".It " macros)
	running(what)
}
