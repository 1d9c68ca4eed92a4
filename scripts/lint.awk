# SPDX-License-Identifier: 0BSD
# The checks of lint.sh that read the text of sources; POSIX awk.
#
#   awk -v check=NAME -f c.awk -f lint.awk FILE...
#
# Prints "FILE:LINE: CHECK: what, and why". FILE is a path from the top of the tree: by it a check
# knows in which room of the house a line stands. Two more names serve lint.sh: `exceptions` prints
# "FILE:LINE:CHECK:" of each comment that argues a finding, `applets` "FILE:LINE:NAME".

BEGIN {
	CONDITION = "conditions are core/sys.h's; switches are CFG_ constants"
	rules()
	rooms()
	reads_c = check !~ /^(spdx|format|todo|size|exceptions|applets)$/
}

# ---- which names belong where

function rules() {
	rule("namespaces", word("CLONE_NEW[A-Z]+") "|" call("(sys_)?(setns|unshare)"),
	     "^core/(ns[.][ch]|sys[.]h)$", "namespaces are core/ns.c's")
	rule("processes", call("(sys_)?(v?fork|clone3?|wait[34]?|waitp?id|sigprocmask|signalfd)|" \
	                       "pthread_sigmask|posix_spawnp?|system|popen|daemon"),
	     "^core/((child|reap|sig)[.][ch]|sys[.]h)$|^applets/init[./]",
	     "making processes, waiting and masking signals is child's, reap's, sig's and init's")
	rule("exits", call("(sys_|_)?exit|_Exit|quick_exit|abort"),
	     "^core/((die|opt|main|child|install)[.][ch]|sys[.]h)$",
	     "only die, opt, main, child and install end the program")
	rule("output", call("(io_)?write(_all)?") "[ \t]*([12]|STD(OUT|ERR)_FILENO)[ \t]*,",
	     "^core/(out|opt|die)[.]c$", "only out, opt and die write to descriptors 1 and 2")
	rule("numbers", call("ato(i|f|l|ll)|strto(d|f|ld|u?ll?|[iu]max)|[vfs]*scanf"), "^$",
	     "str_number (core/str.h) notices what is no number and what is too large")
	rule("stdio", call("v?([fsd]|sn|as)?printf|f?put[cs]|putchar|perror|getline|" \
	                   "f(d?open|read|write|gets)"), "^$",
	     "text goes through core/out.h, core/die.h or str_format")
	rule("memory", call("[mc]alloc|realloc|reallocarray|free|strn?dup|alloca"),
	     "^core/sys[.]h$", "memory is a struct str (core/str.h), or what sys_regrow gives")
	rule("syscalls", word("SYS_[a-z][a-z0-9_]*|__NR_[a-z0-9_]+"), "^core/sys[.]h$",
	     "raw system calls are core/sys.h's")
}

function rule(name, regex, home, why) {
	rule_regex[name] = regex
	rule_home[name] = home
	rule_why[name] = why
}

function word(words) {
	return "(^|[^A-Za-z0-9_])(" words ")([^A-Za-z0-9_]|$)"
}

function call(words) {
	return "(^|[^A-Za-z0-9_.>])(" words ")[ \t]*[(]"
}

# Layers from left to right: an #include points left or to its own.
function rooms(   layer, n, i, k, room) {
	layer[1] = "io str sig sys"
	layer[2] = "proc proc_parse ns pid idmap user exec reap cgroup mount filter filter_number"
	layer[3] = "tree child out out_table cred hint pidns disposition field"
	layer[4] = "opt die main install applet table"
	for (i = 1; i <= 4; i++) {
		n = split(layer[i], room, " ")
		for (k = 1; k <= n; k++)
			LAYER[room[k]] = i
	}
	n = split("config.h version.h count.h", room, " ")
	for (k = 1; k <= n; k++)
		GENERATED[room[k]] = 1
}

# ---- lines

FNR == 1 {
	start_file()
}

{
	file_lines++
	if (reads_c)
		c_line()
	else if (check == "spdx")
		spdx_line()
	else if (check == "format")
		format_line()
	else if (check == "todo")
		todo_line()
	else if (check == "exceptions")
		exception_line()
	else if (check == "applets" && match($0, /^APPLET[(][a-z0-9_]+/))
		print file ":" FNR ":" substr($0, 8, RLENGTH - 7)
}

END {
	end_file()
}

function start_file() {
	end_file()
	file = FILENAME
	file_lines = 0
	licensed = 0
	c_start()
	in_directive = guard_line = 0
	depth = parens = 0
	statement = ""
	paragraph_comment = 0
}

function end_file() {
	if (file == "")
		return
	if (guard_line)
		finding(guard_line, CONDITION)
	if (check == "spdx" && !licensed)
		finding(1, "no 'SPDX-License-Identifier: 0BSD' in the first two lines")
	if (check == "size" && file_lines > 600)
		finding(1, file_lines " lines: a file should have about 500")
}

function finding(line, what) {
	print file ":" line ": " check ": " what
}

function spdx_line() {
	if (FNR <= 2 && /SPDX-License-Identifier: 0BSD/)
		licensed = 1
}

function todo_line() {
	# Spelled so that this line is no finding.
	if ($0 ~ word("TO" "DO|FIX" "ME|XX" "X"))
		finding(FNR, "an issue is the place for what is left to do")
}

# In C a tab counts 8 columns, since it is the depth that is to be limited; elsewhere there are
# tables and messages, which do not gain by being broken.
function format_line(   s, n, tab, limit) {
	tab = file ~ /[.][ch]$/ ? 8 : 4
	limit = file ~ /[.][ch]$/ ? 100 : 120
	if (/[ \t\r]$/)
		finding(FNR, "blanks at the end of the line")
	s = $0
	gsub(/[\200-\277]/, "", s) # the further bytes of a UTF-8 character
	while ((n = index(s, "\t")))
		s = substr(s, 1, n - 1) substr("        ", 1, tab - (n - 1) % tab) substr(s, n + 1)
	if (length(s) > limit)
		finding(FNR, length(s) " columns: " limit " is the limit")
}

function exception_line(   s) {
	s = file ~ /[.][ch]$/ ? "(/[*]|//)" : "(^|[ \t])#"
	if (!match($0, s " lint: [a-z]+: [^ *]"))
		return
	s = substr($0, RSTART, RLENGTH - 3)
	sub(/^.*lint: /, "", s)
	print file ":" FNR ":" s ":"
}

# ---- C

# Sets code, the line without comments, and bare, the same with empty literals.
function c_line(   was_comment) {
	was_comment = C_COMMENT
	code = c_code($0)
	bare = blank_literals(code)
	if (check in rule_regex)
		rule_line()
	else if (check == "procfs")
		procfs_line()
	else if (check == "preprocessor")
		preprocessor_line()
	else if (check == "layers")
		include_line()
	else if (check == "comments" && code ~ /^[ \t]*$/)
		paragraph_comment = $0 ~ /^[ \t]*$/ && !was_comment ? 0 : 1
	if (in_directive || code ~ /^[ \t]*#/)
		in_directive = code ~ /\\$/
	else if (check ~ /^(state|functions|comments)$/)
		statements()
}

function blank_literals(s,   out, n, c) {
	if (s !~ /["']/)
		return s
	out = ""
	while (s != "") {
		n = c_piece(s)
		c = substr(s, 1, 1)
		out = out (n > 1 && (c == "\"" || c == "'") ? c c : substr(s, 1, n))
		s = substr(s, n + 1)
	}
	return out
}

function rule_line(   what) {
	if (file ~ rule_home[check] || !match(bare, rule_regex[check]))
		return
	what = substr(bare, RSTART, RLENGTH)
	gsub(/^[^A-Za-z_]+|[^A-Za-z0-9_]+$/, "", what)
	finding(FNR, what ": " rule_why[check])
}

# A literal that holds a path below /proc. What holds a blank is prose.
function procfs_line(   s, n) {
	if (file ~ /^core\/(proc|ns|pid|pidns|idmap|user)[.][ch]$/)
		return
	for (s = code; s != ""; s = substr(s, n + 1)) {
		n = c_piece(s)
		if (substr(s, 1, n) ~ /^"[^ ]*(\/proc|ns\/|[ug]id_map)[^ ]*"$/)
			finding(FNR, substr(s, 1, n) ": /proc is for proc, ns, pid, pidns, idmap and user")
	}
}

# #if and its kin. The guard of a header is allowed: "#ifndef X_H" before "#define X_H".
function preprocessor_line() {
	if (guard_line && code !~ ("^#define " guard "$"))
		finding(guard_line, CONDITION)
	guard_line = 0
	if (file == "core/sys.h" || code !~ /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)([^a-z]|$)/)
		return
	if (code ~ /^#ifndef [A-Z0-9_]+_H$/) {
		guard = substr(code, 9)
		guard_line = FNR
	} else {
		finding(FNR, CONDITION)
	}
}

function include_line(   target, room, own) {
	if (code !~ /^[ \t]*#[ \t]*include[ \t]*"/)
		return
	target = code
	sub(/^[^"]*"/, "", target)
	sub(/".*/, "", target)
	if (target in GENERATED)
		return
	room = target
	sub(/[.]h$/, "", room)
	if (file ~ /^core\//) {
		own = file
		gsub(/^core\/|[.][ch]$/, "", own)
		if (!(own in LAYER))
			finding(FNR, file " is in no layer: give it one in scripts/lint.awk")
		else if (!(room in LAYER) || target !~ /[.]h$/)
			finding(FNR, "'" target "' is no header of core")
		else if (LAYER[room] > LAYER[own])
			finding(FNR, "'" target "' is in a layer further right (scripts/lint.awk)")
	} else if (target ~ /\// || target !~ /[.]h$/ ||
	           (!(room in LAYER) && (file !~ /^applets\/.*\// || !in_folder(target)))) {
		finding(FNR, "'" target "' is neither in core nor in this applet's own folder")
	}
}

# Whether a header stands in the folder of the file.
function in_folder(target,   path, line, found) {
	path = file
	sub(/[^\/]*$/, target, path)
	found = (getline line <path) >= 0
	close(path)
	return found
}

# ---- what stands at the top level of a file, and functions

# Cuts code at brackets and semicolons. `statement` gathers what stands outside of braces.
function statements(   s, n, c) {
	if (depth && bare ~ /^[ \t]*static[ \t]/)
		variable(FNR, bare)
	for (s = bare; (n = match(s, /[(){};]/)); s = substr(s, n + 1)) {
		c = substr(s, n, 1)
		gather(substr(s, 1, n))
		if (c == "(")
			parens++
		else if (c == ")")
			parens--
		else if (c == "{" && !depth++)
			is_function = statement ~ /[)][^=(]*[{]$/
		else if (c == "}" && !--depth && is_function)
			end_function()
		else if (c == ";" && !depth && !parens)
			end_statement()
	}
	gather(s)
}

function gather(s) {
	if (depth || (statement == "" && s ~ /^[ \t]*$/))
		return
	if (statement == "")
		statement_line = FNR
	statement = statement s
}

function end_function(   lines) {
	lines = FNR - statement_line + 1
	statement = ""
	if (check == "functions" && lines > 75)
		finding(statement_line, lines " lines: a function should have about 60")
}

function end_statement(   s) {
	s = statement
	statement = ""
	gsub(/__attribute__[ \t]*[(][(].*[)][)]/, "", s)
	if (s ~ /^[ \t]*(typedef|extern) / || s ~ /^[ \t;]*$/)
		return
	if (s ~ /^[^=]*[(]/ && s !~ /^[^=(]*[(][*]/) {
		if (check == "comments" && !paragraph_comment && $0 !~ /[*]\/[ \t]*$|\/\//)
			finding(statement_line, "a public function without a comment above it")
		return
	}
	if (s !~ /^[ \t]*(struct|union|enum)[ \t]*[A-Za-z0-9_]*[ \t]*([{][ \t]*)?;$/)
		variable(statement_line, s)
}

# A variable that lives as long as the program.
function variable(line, s) {
	if (check == "state" && is_mutable(s))
		finding(line, "the state of an applet is a struct on the stack of its main")
}

# Whether a declaration makes something that can be written: const must stand for the variable
# itself, behind the last '*'.
function is_mutable(s) {
	sub(/=.*/, "", s)
	sub(/^.*[*]/, "", s)
	return s !~ /(^|[^A-Za-z0-9_])const([^A-Za-z0-9_]|$)/
}
