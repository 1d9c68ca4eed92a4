# SPDX-License-Identifier: 0BSD
# lint: size: one language, one reader; a POSIX awk has no include, and split it would be three -f
# config.awk - read Kconfig and .config, write .config or a C header; any POSIX awk, no other tool.
#
#   awk -v mode=MODE -v kconfig=Config.in [-v srcdir=DIR] [-v config=.config] [-v out=FILE]
#       [-v seed=N] [-v set="FOO=y BAR=n BAZ=12"] -f scripts/config.awk
#
#   defconfig allyesconfig allnoconfig   fresh answers
#   randconfig   random bools from seed
#   oldconfig    answers from config, warnings about those it cannot use
#   check        the same, but a line that is not understood is an error
#   header       C header from config: CFG_FOO for every symbol, IF_FOO() for every bool
#   list         symbol, type, prompt
#
# set gives answers that win over the mode's; one that cannot be had is an error. An empty out is
# stdout. Errors are "FILE:LINE: ...", exit status 1, and leave out alone.
#
# Follows kconfig-conf 4.11 to the byte of the .config. Differs: what that only warns of or
# swallows (undefined symbols, redefinitions, bad defaults and ranges) is an error here, also a
# loop of dependencies that would cancel out; no tristate, choice, imply, hex, option, $VARIABLE,
# < or >; comparisons are of text, so write 8 and not 010; a value in .config is a whole one (not
# FOO=yes); what depends on a number that was out of range is computed from its new value.

BEGIN { main() }

function main() {
	ERR = "cat 1>&2"	# "/dev/stderr" would be truncated by an awk that does not special-case it
	help = -1
	# gawk 5.2 crashes when an element that was never set is passed to a function and on
	depth = base = block_dep[0] = block_vis[0] = errors = nodes = props = trees = nsym = 0
	usage()
	parse(kconfig, "config.awk")
	check_all()
	if (mode != "list") {
		answer_all()
		evaluate()
		leave_on_error()
	}
	if (mode !~ /list|header/)
		report()
	leave_on_error()
	write()
	leave_on_error()
	close(ERR)
}

function usage() {
	if (mode !~ /^((def|allyes|allno|rand|old)config|check|header|list)$/)
		err("config.awk", "unknown mode '" mode "'")
	if (kconfig == "")
		err("config.awk", "-v kconfig=FILE is missing")
	if (mode ~ /^(oldconfig|check|header)$/ && config == "")
		err("config.awk", mode " needs -v config=FILE")
	if (mode == "randconfig" && seed !~ /^[0-9]+$/)
		err("config.awk", "randconfig needs -v seed=NUMBER")
	leave_on_error()
}

function err(where, msg) {
	print where ": " msg | ERR
	errors++
}

function warn(where, msg) {
	print where ": warning: " msg | ERR
}

function leave_on_error() {
	if (errors) {
		close(ERR)
		exit 1
	}
}

# ---- files and lines ----------------------------------------------------------------------------

# Where a sourced file is: as it stands, else below srcdir. Empty if nowhere.
function find(name,   path) {
	path = name
	if (!readable(path) && srcdir != "")
		path = srcdir "/" name
	return readable(path) ? path : ""
}

# A file that is being read stays at its line.
function readable(path,   line, got) {
	if (path in reading)
		return 1
	got = (getline line < path)
	close(path)
	return got >= 0
}

function parse(name, from,   path, line, n, outer) {
	path = find(name)
	if (path == "" || path in reading) {
		err(from, path == "" ? "cannot read '" name "'" : "'" name "' sources itself")
		return
	}
	reading[path] = 1
	outer = base
	base = depth
	while ((getline line < path) > 0) {
		n++
		sub(/\r$/, "", line)
		if (help_line(line))
			continue
		at = path ":" n
		failed = ntok = 0
		while (tokens(line) && (getline line < path) > 0)
			n++
		if (!failed && ntok)
			statement()
	}
	close(path)
	help = -1
	entry = ""
	for (; depth > base; depth--)
		err(block_at[depth], "'" block[depth] "' without 'end" block[depth] "'")
	base = outer
	delete reading[path]
}

# A help text is indented at least as far as its first line; blank lines belong to it. help is
# that indentation, 0 before that line and -1 outside.
function help_line(line,   i, c, dent) {
	if (help < 0 || line ~ /^[ \t]*$/)
		return help >= 0
	dent = 0
	for (i = 1; (c = substr(line, i, 1)) == " " || c == "\t"; i++)
		dent += c == " " ? 1 : 8 - dent % 8
	if (dent == 0 || dent < help) {
		help = -1
		return 0
	}
	if (help == 0)
		help = dent
	return 1
}

# ---- tokens -------------------------------------------------------------------------------------

# Appends the line's tokens to tok[] and kind[]; true if a final backslash continues the line.
function tokens(line,   c, n) {
	while (!failed) {
		sub(/^[ \t]+/, "", line)
		c = substr(line, 1, 1)
		if (c == "" || c == "#")
			return 0
		if (line == "\\")
			return 1
		if (c == "\"" || c == "'") {
			if (!(n = unquote(line)))
				fail("missing " c)
			token("text", unquoted)
		} else if (match(line, /^[A-Za-z0-9_.\/-]+/))
			token("word", substr(line, 1, n = RLENGTH))
		else if (match(line, /^(&&|\|\||!=|[!=()])/))
			token("op", substr(line, 1, n = RLENGTH))
		else
			fail("unexpected character '" c "'")
		line = substr(line, n + 1)
	}
	return 0
}

function token(what, text) {
	tok[++ntok] = text
	kind[ntok] = what
}

# Leaves the text between quotes in unquoted and returns where it ends, 0 if it does not. A
# backslash stands for the character behind it.
function unquote(text,   i, c, quote) {
	unquoted = ""
	quote = substr(text, 1, 1)
	for (i = 2; (c = substr(text, i, 1)) != quote; i++) {
		if (c == "\\")
			c = substr(text, ++i, 1)
		if (c == "")
			return 0
		unquoted = unquoted c
	}
	return i
}

# One complaint per statement is enough.
function fail(msg) {
	if (!failed)
		err(at, msg)
	failed = 1
}

# Steps over the operator or keyword if it is next.
function next_is(text) {
	if (pos > ntok || kind[pos] == "text" || tok[pos] != text)
		return 0
	pos++
	return 1
}

# The next token, which must not be an operator.
function take(what) {
	if (pos > ntok || kind[pos] == "op") {
		fail(what " expected" (pos > ntok ? "" : " at '" tok[pos] "'"))
		return ""
	}
	return tok[pos++]
}

# ---- statements ---------------------------------------------------------------------------------
#
# The files become nodes in their order: a menu, a comment or one definition of a symbol. node_dep
# is everything the node depends on, node_vis what hides prompts only (visible if). A property
# (prompt, default, range, select) hangs on a node and on the symbol. Blocks are a stack; base is
# its height at the start of the file. Condition 0 is the absent one, which is true.

function statement(   word) {
	pos = 2
	word = tok[1]
	if (word ~ /^(tristate|def_tristate|choice|endchoice|imply|hex|option|optional)$/)
		unsupported(word)
	else if (kind[1] != "word" || !block_statement(word) && !attribute(word))
		fail("unknown statement '" word "'")
	if (!failed && pos <= ntok)
		fail("unexpected '" tok[pos] "'")
}

# Pretends enough for what follows to cause no further errors.
function unsupported(word) {
	fail("unsupported keyword '" word "'")
	if (word ~ /choice/)
		entry = "skip"
	else if (entry == "symbol" && word ~ /tristate|hex/ && !(sym in type))
		type[sym] = "unsupported"
}

function block_statement(word) {
	if (word == "mainmenu")
		title = title_text()
	else if (word == "config" || word == "menuconfig")
		symbol(take("symbol name"))
	else if (word == "comment")
		new_node("comment", title_text())
	else if (word == "menu") {
		new_node("menu", title_text())
		push("menu", node_dep[nodes])
	} else if (word == "if")
		push("if", both(block_dep[depth], expression()))
	else if (word == "endif" || word == "endmenu") {
		if (depth == base || "end" block[depth] != word)
			fail("'" word "' without '" substr(word, 4) "'")
		else
			depth--
	} else if (word == "source")
		source(take("file name"))
	else
		return 0
	if (word ~ /if|end|main|source/)
		entry = ""
	return 1
}

function source(name) {
	if (failed || pos <= ntok)
		return
	parse(name, at)
	pos = ntok + 1		# the tokens are those of the other file now
}

function title_text(   text) {
	text = take("text")
	sub(/^[ \t]+/, "", text)
	return text
}

function new_node(what, text) {
	entry = what
	node_kind[++nodes] = what
	node_text[nodes] = text
	node_dep[nodes] = block_dep[depth]
	node_vis[nodes] = what == "symbol" ? block_vis[depth] : 0
}

function symbol(name) {
	if (name !~ /^[A-Za-z][A-Za-z0-9_]*$/ || name ~ /^[ymn]$/) {
		fail("bad symbol name '" name "'")
		entry = "skip"
		return
	}
	sym = name
	new_node("symbol", name)
	if (!(name in defined_at)) {
		defined_at[name] = at
		symbols[++nsym] = name
		ndef[name] = nprop[name] = 0
	}
	def[name, ++ndef[name]] = nodes
}

function push(what, dep) {
	block[++depth] = what
	block_at[depth] = at
	block_dep[depth] = dep
	block_vis[depth] = block_vis[depth - 1]
}

# What may follow config, menu and comment.
function attribute(word) {
	if (word ~ /^(help|---help---)$/)
		help = 0
	else if (word !~ /^(bool|int|string|prompt|default|def_bool|depends|visible|select|range)$/)
		return 0
	if (entry == "skip")
		pos = ntok + 1
	else if (word == "depends" && entry != "") {
		need("on")
		node_dep[nodes] = both(node_dep[nodes], expression())
		if (entry == "menu")
			block_dep[depth] = node_dep[nodes]
	} else if (word == "visible" && entry == "menu") {
		need("if")
		if (node_dep[nodes] != block_dep[depth - 1])
			fail("'visible if' must stand before 'depends on'")	# says kconfig-conf
		node_vis[nodes] = both(node_vis[nodes], expression())
		block_vis[depth] = both(block_vis[depth - 1], node_vis[nodes])
	} else if (entry != "symbol" || word == "visible")
		fail("'" word "' does not belong here")
	else
		symbol_attribute(word)
	return 1
}

function need(word) {
	if (!next_is(word))
		fail("'" word "' expected")
}

function symbol_attribute(word,   low) {
	if (word ~ /^(bool|int|string|def_bool)$/)
		set_type(word == "def_bool" ? "bool" : word)
	if (word ~ /^def/)
		property("default", expression(), 0)
	else if (word == "select")
		property("select", leaf(), 0)
	else if (word == "range") {
		low = leaf()
		property("range", low, leaf())
	} else if (word == "prompt" || word != "help" && pos <= ntok)
		property("prompt", title_text(), 0)
}

function set_type(t) {
	if (!(sym in type)) {
		type[sym] = t
		type_at[sym] = at
	} else if (type[sym] != t)
		fail("'" sym "' is " type[sym] " at " type_at[sym] ", not " t)
}

# The argument is a text for a prompt, else an expression; only a range has a second one.
function property(what, arg, arg2,   p, s) {
	p = ++props
	prop_kind[p] = what
	prop_arg[p] = arg
	prop_arg2[p] = arg2
	prop_cond[p] = next_is("if") ? expression() : 0
	prop_node[p] = nodes
	prop_at[p] = at
	prop[sym, ++nprop[sym]] = p
	if (what == "select" && !failed) {
		s = leaf_text[arg]
		selector[s, ++nselector[s]] = p
	}
}

# ---- expressions --------------------------------------------------------------------------------
#
# Trees of numbered nodes: op[e] is one of & | ! = != with left[e] and right[e], or "symbol" or
# "text" with leaf_text[e]. An = or != joins two leaves and binds tighter than !.

function expression(   l) {
	l = conjunction()
	while (next_is("||"))
		l = tree("|", l, conjunction())
	return l
}

function conjunction(   l) {
	l = factor()
	while (next_is("&&"))
		l = tree("&", l, factor())
	return l
}

function factor(   l) {
	if (next_is("!"))
		return tree("!", factor(), 0)
	if (next_is("(")) {
		l = expression()
		need(")")
		return l
	}
	l = leaf()
	if (next_is("="))
		return tree("=", l, leaf())
	if (next_is("!="))
		return tree("!=", l, leaf())
	return l
}

# y, n, numbers and quoted text are constants, any other word is a symbol.
function leaf(   e, is_text) {
	is_text = kind[pos] == "text" || tok[pos] ~ /^([yn]|-?[0-9]+|0x[0-9A-Fa-f]+)$/
	e = tree(is_text ? "text" : "symbol", 0, 0)
	leaf_text[e] = take("value")
	leaf_at[e] = at
	return e
}

function tree(what, l, r) {
	op[++trees] = what
	left[trees] = l
	right[trees] = r
	return trees
}

# The absent condition adds nothing.
function both(a, b) {
	return a && b ? tree("&", a, b) : a + b
}

function show(e) {
	if (op[e] == "symbol")
		return leaf_text[e]
	if (op[e] == "text")
		return leaf_text[e] ~ /^([yn]|-?[0-9]+)$/ ? leaf_text[e] : "\"" leaf_text[e] "\""
	if (op[e] == "!")
		return "!" (op[left[e]] == "symbol" ? show(left[e]) : "(" show(left[e]) ")")
	if (op[e] ~ /=/)
		return show(left[e]) " " op[e] " " show(right[e])
	return show_side(e, left[e]) " " op[e] op[e] " " show_side(e, right[e])
}

function show_side(e, side) {
	return op[e] == "&" && op[side] == "|" ? "(" show(side) ")" : show(side)
}

# ---- checks on the whole ------------------------------------------------------------------------

function check_all(   i) {
	for (i = 1; i <= trees; i++)
		if (op[i] == "symbol" && leaf_text[i] != "" && !(leaf_text[i] in defined_at))
			err(leaf_at[i], "undefined symbol '" leaf_text[i] "'" like(leaf_text[i]))
	for (i = 1; i <= nsym; i++)
		if (!(symbols[i] in type))
			err(defined_at[symbols[i]], "'" symbols[i] "' has no type")
	leave_on_error()
	for (i = 1; i <= props; i++)
		check_property(i, prop_kind[i], prop_arg[i], type[node_text[prop_node[i]]])
	leave_on_error()
	for (i = 1; i <= nsym; i++)
		check_loop(symbols[i])
	leave_on_error()
}

function check_property(p, what, arg, t) {
	if (what == "default" && t != "bool" && !fits(arg, t))
		err(prop_at[p], "default is not one " t)
	else if (what == "select" && (t != "bool" || !fits(arg, "bool")))
		err(prop_at[p], "select needs a bool on both sides")
	else if (what == "range" && (t != "int" || !fits(arg, t) || !fits(prop_arg2[p], t)))
		err(prop_at[p], "range needs an int and two numbers")
	else if (what == "range" && op[arg] op[prop_arg2[p]] == "texttext" &&
	         leaf_text[arg] + 0 > leaf_text[prop_arg2[p]] + 0)
		err(prop_at[p], "empty range")
}

# Is the expression a single value of the type?
function fits(e, t) {
	if (op[e] == "symbol")
		return type[leaf_text[e]] == t || t == "string" && type[leaf_text[e]] == "int"
	return op[e] == "text" && (t == "string" || t == "int" && is_int(leaf_text[e]))
}

# A double holds 15 digits exactly.
function is_int(text) {
	return text ~ /^-?(0|[1-9][0-9]*)$/ && length(text) <= 15
}

# Walks all that a symbol's value is made of; meeting a symbol that is being walked is a loop.
function check_loop(s,   i, p) {
	if (s in walk) {
		if (walk[s] == "now" && !errors)
			err(defined_at[s], "recursive dependency: " loop_text(s))
		return
	}
	walk[s] = "now"
	trail[++walking] = s
	for (i = 1; i <= ndef[s]; i++)
		check_loop_expr(node_dep[def[s, i]])
	for (i = 1; i <= nprop[s]; i++) {
		p = prop[s, i]
		if (prop_kind[p] == "select")
			continue
		check_loop_expr(condition(p))
		if (prop_kind[p] != "prompt")
			check_loop_expr(prop_arg[p])
		check_loop_expr(prop_arg2[p])
	}
	for (i = 1; i <= nselector[s]; i++) {
		check_loop(node_text[prop_node[selector[s, i]]])
		check_loop_expr(condition(selector[s, i]))
	}
	walking--
	walk[s] = "done"
}

function check_loop_expr(e) {
	if (!e)
		return
	if (op[e] == "symbol")
		check_loop(leaf_text[e])
	check_loop_expr(left[e])
	check_loop_expr(right[e])
}

function loop_text(s,   i, text) {
	for (i = walking; trail[i] != s; i--)
		text = " -> " trail[i] text
	return s text " -> " s
}

# All that a property's being counts on; kept, as it makes tree nodes.
function condition(p) {
	if (!(p in prop_all)) {
		prop_all[p] = both(node_dep[prop_node[p]], prop_cond[p])
		if (prop_kind[p] == "prompt")
			prop_all[p] = both(prop_all[p], node_vis[prop_node[p]])
	}
	return prop_all[p]
}

# ---- answers ------------------------------------------------------------------------------------
#
# answer[symbol] is what the user said, answer_at where. The modes answer without a place, so that
# nobody is told that allyesconfig did not get its yes.

function answer_all(   i, n, w, eq) {
	if (mode ~ /^(allyes|allno|rand)config$/)
		answer_bools()
	else if (mode != "defconfig")
		read_config(config)
	split("", answered)
	n = split(set, w, " ")
	for (i = 1; i <= n; i++) {
		if ((eq = index(w[i], "=")) > 0)
			answer_one("set", substr(w[i], 1, eq - 1), substr(w[i], eq + 1))
		else
			err("set", "'" w[i] "' is not NAME=VALUE")
	}
}

function answer_bools(   i) {
	rnd = seed % 2147483646 + 1
	for (i = 1; i <= 4; i++)
		coin()		# neighbouring seeds start alike
	for (i = 1; i <= nsym; i++)
		if (type[symbols[i]] == "bool")
			answer[symbols[i]] = mode == "allnoconfig" || mode == "randconfig" && coin() ? "n" : "y"
}

# Park and Miller's generator: below 2^53, so every awk's doubles compute it exactly.
function coin() {
	rnd = rnd * 16807 % 2147483647
	return rnd > 1073741823
}

function read_config(path,   line, n, got, eq, where) {
	while ((got = (getline line < path)) > 0) {
		where = path ":" ++n
		sub(/\r$/, "", line)
		eq = index(line, "=")
		if (line ~ /^CONFIG_[A-Za-z0-9_]+=/)
			answer_one(where, substr(line, 8, eq - 8), substr(line, eq + 1))
		else if (line ~ /^# CONFIG_[A-Za-z0-9_]+ is not set[ \t]*$/) {
			sub(/ is not set[ \t]*$/, "", line)
			answer_one(where, substr(line, 10), "is not set")
		} else if (line !~ /^[ \t]*(#.*)?$/ || line ~ /^#[ \t]*CONFIG_[A-Za-z0-9_]+[ \t]+is[ \t]/)
			complain(where, "neither CONFIG_NAME=value nor \"# CONFIG_NAME is not set\": " line)
	}
	if (got < 0)
		err(path, "cannot read")
	close(path)
}

# oldconfig puts up with bad answers, and every mode with mild cases; not so if they are in set.
function complain(where, msg, mild) {
	if (where != "set" && (mild || mode == "oldconfig"))
		warn(where, msg)
	else
		err(where, msg)
}

function answer_one(where, s, text) {
	if (!(s in defined_at)) {
		complain(where, "unknown symbol CONFIG_" s like(s))
		return
	}
	if (s in answered)
		complain(where, "CONFIG_" s " was set before at " answered[s])
	answered[s] = where
	if (where != "set" && type[s] == "int" && text == "")
		return		# what kconfig-conf writes of an int without a default
	if (where == "set" && type[s] == "string" && text !~ /^"/)
		text = "\"" escape(text, "\"\\") "\""
	if (!parse_value(type[s], text)) {
		complain(where, "CONFIG_" s " is " type[s] ", not '" text "'")
		return
	}
	answer[s] = parsed
	answer_at[s] = where
}

# The value behind the = sign into parsed; false if it is none.
function parse_value(t, text) {
	parsed = text
	if (t == "int")
		return is_int(text)
	if (t == "bool") {
		if (text == "is not set")
			parsed = "n"
		return parsed ~ /^[yn]$/
	}
	if (text !~ /^"/ || unquote(text) != length(text))
		return 0
	parsed = unquoted
	return 1
}

# ", did you mean ...?" if some symbol is spelled nearly like this.
function like(name,   i, d, best, limit) {
	name = toupper(name)
	limit = length(name) < 3 ? 0 : length(name) < 4 ? 1 : length(name) < 8 ? 2 : 3
	for (i = 1; i <= nsym; i++) {
		d = distance(name, toupper(symbols[i]))
		if (d <= limit) {
			best = symbols[i]
			limit = d - 1
		}
	}
	return best == "" ? "" : ", did you mean " best "?"
}

# Levenshtein: how many letters to insert, delete or replace.
function distance(a, b,   i, j, la, lb, row, diag, up) {
	la = length(a)
	lb = length(b)
	for (j = 0; j <= lb; j++)
		row[j] = j
	for (i = 1; i <= la; i++) {
		diag = row[0]
		row[0] = i
		for (j = 1; j <= lb; j++) {
			up = row[j]
			if (substr(a, i, 1) != substr(b, j, 1))
				diag = min(diag, min(up, row[j - 1])) + 1
			row[j] = diag
			diag = up
		}
	}
	return row[lb]
}

function min(a, b) {
	return a < b ? a : b
}

# ---- values -------------------------------------------------------------------------------------

# Ranges may depend on other answers: an answer out of its range is dropped, and all starts anew.
function evaluate(   i, s, again) {
	do {
		again = 0
		split("", value)
		for (i = 1; i <= nsym; i++) {
			s = symbols[i]
			value_of(s)
			if (type[s] == "int" && s in answer && !in_range(s, answer[s])) {
				complain(answer_at[s], "CONFIG_" s " is out of range " low_end " to " high_end)
				delete answer[s]
				delete answer_at[s]
				again = 1
			}
		}
	} while (again)
}

# Computes value, written (whether .config has a line) and selected of a symbol, once.
function value_of(s,   i, p, v) {
	if (s in value)
		return value[s]
	written[s] = active(s, "prompt") > 0
	if (written[s] && s in answer)
		v = answer[s]
	else if ((p = active(s, "default"))) {
		written[s] = 1
		v = type[s] == "bool" ? (true(prop_arg[p]) ? "y" : "n") : leaf_value(prop_arg[p])
	}
	selected[s] = 0
	for (i = 1; i <= nselector[s] && !selected[s]; i++) {
		p = selector[s, i]
		if (value_of(node_text[prop_node[p]]) == "y" && true(condition(p))) {
			selected[s] = p
			written[s] = 1
			v = "y"
		}
	}
	if (type[s] == "bool" && v == "")
		v = "n"
	else if (type[s] == "int" && !in_range(s, v))
		v = v + 0 < low_end ? low_end : high_end
	return value[s] = v
}

# The first property of the kind whose condition holds, or 0.
function active(s, what,   i, p) {
	for (i = 1; i <= nprop[s]; i++) {
		p = prop[s, i]
		if (prop_kind[p] == what && true(condition(p)))
			return p
	}
	return 0
}

# Leaves the ends in low_end and high_end. An empty value counts as 0.
function in_range(s, v,   p) {
	if (!(p = active(s, "range")))
		return 1
	low_end = leaf_value(prop_arg[p]) + 0
	high_end = leaf_value(prop_arg2[p]) + 0
	return v + 0 >= low_end && v + 0 <= high_end
}

function leaf_value(e) {
	return (op[e] == "symbol" ? value_of(leaf_text[e]) : leaf_text[e]) ""
}

function true(e) {
	if (!e)
		return 1
	if (op[e] == "&")
		return true(left[e]) && true(right[e])
	if (op[e] == "|")
		return true(left[e]) || true(right[e])
	if (op[e] == "!")
		return !true(left[e])
	if (op[e] == "=")
		return leaf_value(left[e]) == leaf_value(right[e])
	if (op[e] == "!=")
		return leaf_value(left[e]) != leaf_value(right[e])
	return leaf_value(e) == "y" && (op[e] == "text" || type[leaf_text[e]] == "bool")
}

# ---- reports ------------------------------------------------------------------------------------

function report(   i) {
	for (i = 1; i <= nsym; i++)
		report_forced(symbols[i], selected[symbols[i]])
	for (i = 1; i <= nsym; i++)
		report_lost(symbols[i])
}

# A select that overrules a "depends on" is a mistake in Config.in.
function report_forced(s, p,   i) {
	for (i = 1; i <= ndef[s]; i++)
		if (true(node_dep[def[s, i]]))
			return
	if (p)
		warn(prop_at[p], node_text[prop_node[p]] " selects " s ", whose dependencies are not met")
}

# An answer that is not in the result, and why. To have said n and got nothing is no loss, and
# a symbol without a prompt was never asked.
function report_lost(s,   p) {
	p = prompt_of(s)
	if (!p || !(s in answer_at))
		return
	if (selected[s] && answer[s] == "n")
		complain(answer_at[s], "CONFIG_" s " must be y: " node_text[prop_node[selected[s]]] \
			" selects it", 1)
	else if (value[s] != answer[s] && (written[s] || answer[s] != "n"))
		complain(answer_at[s], "CONFIG_" s " cannot be kept: it needs " \
			show(unmet(condition(p))), 1)
}

function prompt_of(s,   i) {
	for (i = 1; i <= nprop[s]; i++)
		if (prop_kind[prop[s, i]] == "prompt")
			return prop[s, i]
	return 0
}

# The first part of a false conjunction that is false.
function unmet(e) {
	while (op[e] == "&")
		e = true(left[e]) ? right[e] : left[e]
	return e
}

# ---- writers ------------------------------------------------------------------------------------

function write() {
	emit("")
	if (mode == "list")
		write_list()
	else if (mode == "header")
		write_header()
	else
		write_config()
	if (out != "" && close(out) != 0)
		err(out, "write error")
}

function emit(text) {
	if (out == "")
		printf "%s", text
	else
		printf "%s", text > out
}

function escape(text, special,   i, c, to) {
	for (i = 1; (c = substr(text, i, 1)) != ""; i++)
		to = to (index(special, c) ? "\\" : "") c
	return to
}

# kconfig's format: a symbol where it is defined first, menus and comments that are visible.
function write_config(   n, s) {
	emit("#\n# Automatically generated file; DO NOT EDIT.\n")
	emit("# " (title == "" ? "Main menu" : title) "\n#\n")
	for (n = 1; n <= nodes; n++) {
		s = node_text[n]
		if (node_kind[n] == "symbol") {
			if (written[s] && def[s, 1] == n)
				emit(config_line(s, value[s]) "\n")
		} else if (true(node_dep[n]) && true(node_vis[n]))
			emit("\n#\n# " s "\n#\n")
	}
}

function config_line(s, v) {
	if (type[s] == "bool" && v == "n")
		return "# CONFIG_" s " is not set"
	return "CONFIG_" s "=" (type[s] == "string" ? "\"" escape(v, "\"\\") "\"" : v)
}

function write_header(   i, s, v) {
	emit("/* Generated by scripts/config.awk from .config: do not edit. */\n")
	emit("#ifndef PIDBOX_CONFIG_H\n#define PIDBOX_CONFIG_H\n\n")
	for (i = 1; i <= nsym; i++) {
		s = symbols[i]
		v = written[s] ? value[s] : ""
		if (type[s] == "string")
			v = "\"" escape(v, "\"\\?") "\""	# ? for the sake of trigraphs
		else if (type[s] == "bool")
			v = v == "y" ? 1 : 0
		else if (v ~ /^-/)
			v = "(" v ")"
		emit("#define CFG_" s " " (v == "" ? 0 : v) "\n")
		if (type[s] == "bool")
			emit("#define IF_" s "(...)" (v ? " __VA_ARGS__" : "") "\n")
	}
	emit("\n#endif\n")
}

function write_list(   i, p) {
	for (i = 1; i <= nsym; i++) {
		p = prompt_of(symbols[i])
		emit(symbols[i] "\t" type[symbols[i]] "\t" (p ? prop_arg[p] : "") "\n")
	}
}
