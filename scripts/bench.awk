# SPDX-License-Identifier: 0BSD
# The arithmetic and the tables of bench.sh; any POSIX awk.
#
#   awk -v mode=row ... -f bench.awk PEERS DATA      one row: appends a line to the files `json` and
#                                                    `cells`; status 1 when ours was not measured
#   awk -v mode=table -f bench.awk PEERS CELLS       the table of such lines
#   awk -v mode=summary -f bench.awk PEERS CELLS     how many goals are met
#
# PEERS has a label a line, DATA lines "QUANTITY LABEL ROUND VALUE". A line of CELLS has a tab between
# figure, unit, ours, ratio to the best peer, floor, ratio to it, spread, goal, result, and for each
# peer its label and its figure.

FILENAME == ARGV[1] {
	peer[++peers] = $1
	next
}

mode == "row" && $1 == quantity {
	raw[$2, $3] = $4
	if ($3 + 1 > rounds[$2])
		rounds[$2] = $3 + 1
	next
}

mode == "table" || mode == "summary" {
	split($0, cell, "\t")
	count[cell[9]]++
	if (mode == "table")
		table_line($0)
}

END {
	if (mode == "row")
		exit !make_row()
	if (mode == "table")
		print_table()
	else
		print_summary()
}

# ---- a row

# The rounds of a label, less those of `minus`: into v[label, round]. A minus of "*TEXT" is one of each.
function take(label,   r, less) {
	less = minus
	sub(/^\*/, label, less)
	if (label in taken || !rounds[label] || (less != "" && rounds[less] != rounds[label]))
		return
	taken[label] = rounds[label]
	for (r = 0; r < rounds[label]; r++)
		v[label, r] = (raw[label, r] - (less != "" ? raw[less, r] : 0)) / per
}

# The quantile Q of the numbers s[1..n], which it sorts.
function quantile(s, n, q,   i, k, x, at) {
	for (i = 2; i <= n; i++) {
		x = s[i]
		for (k = i - 1; k > 0 && s[k] > x; k--)
			s[k + 1] = s[k]
		s[k + 1] = x
	}
	at = 1 + (n - 1) * q
	i = int(at)
	return i == n ? s[n] : s[i] + (s[i + 1] - s[i]) * (at - i)
}

function of(label, q,   s, r) {
	for (r = 0; r < taken[label]; r++)
		s[r + 1] = v[label, r]
	return quantile(s, taken[label], q)
}

# "" where there is none.
function ratio(a, b,   s, r, n) {
	if (!(a in taken) || !(b in taken))
		return ""
	n = taken[a]
	for (r = 0; n == taken[b] && r < n && v[b, r] > 0; r++)
		s[r + 1] = v[a, r] / v[b, r]
	if (r && r == n)
		return quantile(s, n, 0.5)
	return of(b, 0.5) > 0 ? of(a, 0.5) / of(b, 0.5) : ""
}

function make_row(   i, best, r_peer, r_floor, spread, result, line) {
	figure = ENVIRON["FIGURE"]
	take(ours)
	take(floor)
	for (i = 1; i <= peers; i++) {
		take(peer[i])
		if (peer[i] in taken && (best == "" || of(peer[i], 0.5) < of(best, 0.5)))
			best = peer[i]
	}
	r_peer = best == "" ? "" : ratio(ours, best)
	r_floor = ratio(ours, floor)
	if (ours in taken && of(ours, 0.5) > 0 && taken[ours] > 3)
		spread = (of(ours, 0.75) - of(ours, 0.25)) / of(ours, 0.5) * 100
	result = verdict(best)
	line = figure "\t" unit "\t" shown(ours) "\t" number(r_peer, 2) "\t" shown(floor) "\t" \
		number(r_floor, 3) "\t" (spread == "" ? "" : number(spread, 0) "%") "\t" goal "\t" result
	for (i = 1; i <= peers; i++)
		line = line "\t" peer[i] "\t" shown(peer[i])
	print line >>cells
	print_json(r_peer, r_floor, result)
	return result != "unmeasured"
}

# Goals are "OP N [LABEL|peer]", with "and" between several; all must be met.
function verdict(best,   part, n, i, result) {
	if (!(ours in taken))
		return "unmeasured"
	n = split(goal, part, / and /)
	for (i = 1; i <= n && (i == 1 || result == "met"); i++)
		result = judge(part[i], best)
	return result
}

function judge(part, best,   word, n, is, limit) {
	n = split(part, word, " ")
	is = of(ours, 0.5)
	limit = word[2] + 0
	if (n > 2) {
		if (word[3] == "peer")
			word[3] = best
		take(word[3])
		if (!(word[3] in taken))
			return "unmeasured"
		# Where the other is zero there is no ratio, and the figure itself must do.
		if ((n = ratio(ours, word[3])) != "")
			is = n
		else
			limit *= of(word[3], 0.5)
	}
	if (word[1] == "<=")
		return is <= limit ? "met" : "missed"
	if (word[1] == "<")
		return is < limit ? "met" : "missed"
	return is == limit ? "met" : "missed"
}

# Three digits that count.
function shown(label,   x) {
	if (!(label in taken))
		return ""
	x = of(label, 0.5)
	return number(x, x == int(x) ? 0 : (x < 0 ? -x : x) < 10 ? 2 : (x < 0 ? -x : x) < 100 ? 1 : 0)
}

function number(x, digits) {
	return x == "" ? "" : sprintf("%." digits "f", x)
}

# ---- JSON

function string(s) {
	gsub(/[\\"]/, "\\\\&", s)
	return "\"" s "\""
}

function values(label) {
	if (!(label in taken))
		return "null"
	return sprintf("{\"label\":%s,\"median\":%.10g,\"min\":%.10g,\"max\":%.10g,\"rounds\":%d}", string(label),
	               of(label, 0.5), of(label, 0), of(label, 1), taken[label])
}

function print_json(r_peer, r_floor, result,   i, list) {
	for (i = 1; i <= peers; i++)
		list = list (i > 1 ? "," : "") string(peer[i]) ":" values(peer[i])
	printf "{\"bench\":%s,\"row\":%s,\"figure\":%s,\"unit\":%s,\"ours\":%s,\"peers\":{%s},", string(bench),
		string(id), string(figure), string(unit), values(ours), list >>json
	printf "\"peer_ratio\":%s,\"floor\":%s,\"floor_ratio\":%s,", r_peer == "" ? "null" : sprintf("%.4g", r_peer),
		values(floor), r_floor == "" ? "null" : sprintf("%.4g", r_floor) >>json
	printf "\"goal\":%s,\"result\":%s}\n", goal == "" ? "null" : string(goal),
		result == "" ? "null" : string(result) >>json
}

# ---- the table

function put(text,   width) {
	text = text == "" ? "-" : text
	grid[lines, ++columns] = text
	if (length(text) > wide[columns])
		wide[columns] = length(text)
}

function table_line(line,   i, k, n) {
	if (!lines)
		table_line_of("figure", "unit", "ours", "/peer", "floor", "/floor", "spread", "goal", "", "")
	n = split(line, cell, "\t")
	for (i = 10; i < n; i += 2)
		figure_of[cell[i]] = cell[i + 1]
	table_line_of(cell[1], cell[2], cell[3], cell[4], cell[5], cell[6], cell[7], cell[8], cell[9], 1)
	for (k in figure_of)
		delete figure_of[k]
}

function table_line_of(figure, unit, ours, r_peer, floor, r_floor, spread, goal, result, body,   i) {
	lines++
	columns = 0
	put(figure)
	put(unit)
	put(ours)
	for (i = 1; i <= peers; i++)
		put(body ? figure_of[peer[i]] : peer[i])
	put(r_peer)
	put(floor)
	put(r_floor)
	put(spread)
	put(goal)
	put(body ? result : "result")
}

# Text to the left, figures to the right.
function print_table(   i, k, line, text) {
	for (i = 1; i <= lines; i++) {
		line = ""
		for (k = 1; k <= columns; k++) {
			text = grid[i, k]
			if (k < 3 || k > columns - 2)
				text = sprintf("%-" wide[k] "s", text)
			else
				text = sprintf("%" wide[k] "s", text)
			line = line (k > 1 ? "  " : "") text
		}
		sub(/ +$/, "", line)
		print line
	}
}

function print_summary() {
	printf "%d goals met, %d missed", count["met"], count["missed"]
	if (count["unmeasured"])
		printf ", %d rows not measured", count["unmeasured"]
	print ""
}
