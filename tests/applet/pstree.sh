#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree: psmisc's bytes for a tree of our own, and the borders of PID namespaces.
. "$(dirname "$0")/../lib.sh"

need cc gcc
need setpriv util-linux
theirs=$(command -v pstree)
if ! "$theirs" --version 2>&1 | grep -q PSmisc; then
	echo "$0: pstree is not psmisc's: run scripts/setup test, or install psmisc" >&2
	exit 1
fi
unset COLUMNS LC_ALL LC_CTYPE LANG
export LC_ALL=C
pstree=$BIN/pstree
if [ "$(id -u)" = 0 ]; then
	new=/usr/bin/unshare enter=/usr/bin/nsenter
else
	new='/usr/bin/unshare --user --map-root-user'
	enter='/usr/bin/nsenter --user --preserve-credentials'
fi

# planter: plants the tree that TREE describes as "NAME:THREAD,THREAD(CHILD CHILD ...)", with as many
# processes; writes a line when it stands. They all end with the first one. %XX is a byte of a name.
make_planter() {
	cat >"$T/planter.c" <<'END'
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static pthread_barrier_t named;

static const char *read_name(const char *s, char name[32])
{
	int n = 0;

	while (*s && !strchr(":,() ", *s) && n < 31) {
		unsigned byte;

		if (*s == '%' && sscanf(s + 1, "%2x", &byte) == 1) {
			name[n++] = (char)byte;
			s += 3;
		} else {
			name[n++] = *s++;
		}
	}
	name[n] = 0;
	return s;
}

static void *thread(void *name)
{
	prctl(PR_SET_NAME, name);
	pthread_barrier_wait(&named);
	for (;;)
		pause();
	return NULL;
}

static const char *skip(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (!depth && (*s == ' ' || *s == ')'))
			break;
		depth += (*s == '(') - (*s == ')');
	}
	return s;
}

static void grow(const char *s, int ready)
{
	const char *children, *threads;
	char name[32], byte;
	int pipes[2];

	threads = read_name(s, name);
	prctl(PR_SET_NAME, name);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pipe(pipes))
		exit(1);
	/* First the children: who has threads should not fork. */
	children = threads + strcspn(threads, "() ");
	for (int more = *children == '('; more; more = *children == ' ') {
		if (!fork())
			grow(children + 1, pipes[1]);
		if (read(pipes[0], &byte, 1) != 1)
			exit(1);
		children = skip(children + 1);
	}
	while (*threads == ':' || *threads == ',') {
		char *own = malloc(32);
		pthread_t id;

		threads = read_name(threads + 1, own);
		pthread_barrier_init(&named, NULL, 2);
		if (pthread_create(&id, NULL, thread, own))
			exit(1);
		pthread_barrier_wait(&named);
	}
	if (write(ready, "\n", 1) != 1)
		exit(1);
	for (;;)
		pause();
}

int main(void)
{
	grow(getenv("TREE"), 1);
}
END
	"${HOSTCC:-cc}" -o "$T/planter" -pthread "$T/planter.c"
}

# plant TREE ARG...: $pid is its first process.
plant() {
	tree=$1
	shift
	rm -f "$T/planted"
	TREE=$tree "$T/planter" "$@" </dev/null >"$T/planted" &
	pid=$!
	planted="${planted:-} $pid"
	wait_for "[ -s '$T/planted' ]"
}

# child_of PID: $child, its first one, as soon as there is one.
child_of() {
	wait_for "[ -n \"\$(cat /proc/$1/task/$1/children)\" ]"
	child=$(cat "/proc/$1/task/$1/children")
	child=${child%% *}
}

oneTimeSetUp() { make_planter || exit; }

tearDown() {
	for pid in ${planted:-}; do
		kill -KILL "$pid" && wait "$pid"
	done 2>/dev/null
	planted=
}

# as_theirs ARG...: our bytes and status are psmisc's. Returns whether they are.
as_theirs() {
	run "$pstree" "$@"
	"$theirs" "$@" >"$T/theirs" 2>/dev/null
	assertEquals "status of pstree $*" $? "$rc"
	# Where it cuts a line of strokes that are no ASCII, it writes its '+' more than once.
	case $* in
	*U*) sed 's/++*$/+/' "$T/theirs" >"$T/theirs.once" && mv "$T/theirs.once" "$T/theirs" ;;
	esac
	if [ -n "$err" ] || ! cmp -s "$T/theirs" "$T/out"; then
		show "$(diff "$T/theirs" "$T/out" | head -n 8)"
		show "$err"
		fail "not as psmisc has it: COLUMNS=${COLUMNS:-} pstree $*"
		return 1
	fi
}

# all_ways TREE ARG...: with every option, some together, and on narrow screens.
all_ways() {
	plant "$@"
	for words in '' -p -a -n -c -T -l -A -U -apn -acT -aU -cU -pnl \
		'--show-pids --numeric-sort --ascii' '--arguments --long --compact-not --hide-threads'
	do
		# shellcheck disable=SC2086 # they are words
		as_theirs $words "$pid"
	done
	# Not with -a: the marker "..." of arguments that do not fit is not ours.
	for COLUMNS in 30 80 132; do
		export COLUMNS
		for words in '' -p -U; do
			# shellcheck disable=SC2086 # they are words
			as_theirs $words "$pid"
		done
	done
	unset COLUMNS
	return 0 # what failed is said
}

# ---- psmisc's bytes

testEqualWorkers() { all_ways 'demo(worker worker worker)' one two; }

testOne() { all_ways alone; }

testChain() { all_ways 'alpha(beta(gamma(delta(epsilon(zeta)))))'; }

testThreads() { all_ways 'multi:multi,multi,multi'; }

testPairs() { all_ways 'demo(pair(leaf) pair(leaf) pair(leaf leaf))'; }

testAllKinds() {
	all_ways 'demo(worker multi:multi,multi,multi pair(leaf) worker alpha(beta(gamma)) pair(leaf) worker)' \
		-x 'y z'
}

testNestedEquals() {
	all_ways 'demo(a(b(c c) b(c c)) a(b(c c) b(c c)) d(a(b) a(b)) e(f(g(h))) e(f(g(h))))'
}

testThreadsAndChildren() {
	all_ways 'demo(multi:multi,multi two:two three:three,three,three,three multi:multi,multi)'
	tearDown
	all_ways 'top(multi:multi multi:multi,multi multi)'
	tearDown
	all_ways 'top(multi:multi,multi(multi multi) b:a,b,c(c b a))'
}

testLongNames() {
	all_ways 'fifteen-letters(another-fifteen(a-third-fifteen(a-fourth-one-15)) another-fifteen)'
}

testManyLevels() {
	all_ways 'a(b(c(d(e(f(g(h(i(j(k(l(m(n(o(p(q(r(s(t(u(v(w(x(y(z)))))) x))))))) x)))))) x)))))) x)'
}

testWidthIsCutOnTheEdge() {
	plant 'demo(worker(another) longer-worker(x y) z)'
	for words in '' -p -U; do
		COLUMNS=5
		while [ "$COLUMNS" -le 45 ]; do
			export COLUMNS
			# shellcheck disable=SC2086 # they are words
			as_theirs $words "$pid" || break
			COLUMNS=$((COLUMNS + 1))
		done
	done
	unset COLUMNS
}

testSorting() {
	all_ways 'demo(zulu alpha mike Alpha bravo alpha zulu)'
	tearDown
	all_ways 'demo(b a:a b(a) a b a(b))'
}

testStrangeNames() { all_ways 'demo(a.b-c_d a+b 7 [x] {y} a=b)'; }

# ---- roots and operands

testSeveralOperands() {
	plant 'first(child)'
	first=$pid
	plant 'second(child child)'
	assert_run 0 'first---child
second---2\*\[child]' '' "$pstree" "$first" "$pid"
}

testAChildIsARootToo() {
	plant 'demo(a(b(c)))'
	child_of "$pid"
	assert_run 0 'a---b---c' '' "$pstree" "$child"
	as_theirs "$child"
}

testEverything() {
	plant 'garden(rose tulip)'
	for words in -l -pl -al -cl; do
		# shellcheck disable=SC2086 # they are words
		run "$pstree" $words
		assertEquals "status of pstree $words" 0 "$rc"
		like "$out" '*garden*rose*' || fail "pstree $words does not show our tree"
	done
	# PID 1 comes first, whatever is there besides.
	run "$pstree" -p
	like "$out" "$(sed -n 's/^\(...\).*/\1/p' /proc/1/comm)*(1)*" || fail "$out"
}

testNoSuchProcess() {
	assert_run 1 '' 'pstree: *4194304*' "$pstree" 4194304
	for junk in x -- 1x '' 99999999999; do
		[ "$junk" != -- ] || continue
		assert_run 1 '' "pstree: '*': *" "$pstree" -- "$junk"
		assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	done
}

# A zombie has no command line.
testZombie() {
	# shellcheck disable=SC2016 # its shell becomes a program that does not wait
	sh -c 'sleep 0 & exec sleep 1000' </dev/null >/dev/null &
	pid=$!
	planted=$pid
	child_of "$pid"
	wait_state "$child" Z
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	as_theirs "$pid"
	as_theirs -a "$pid"
	as_theirs -p "$pid"
}

# ---- other people's text

testHostileNames() {
	plant 'demo(e%1b[31m nl%0ax bel%07 c1%9b del%7f bad%ff%fe cc%c2%9b bidi%e2%80%ae)' \
		"$(printf 'arg\033[2J\nx\tb\377\302\233\342\200\256')"
	for locale in C C.UTF-8; do
		for words in '' -p -a -U -c -l; do
			# shellcheck disable=SC2086 # they are words
			LC_ALL=$locale run "$pstree" $words "$pid"
			assertEquals "status, $locale, $words" 0 "$rc"
			case $words in
			-a) lines=9 ;;
			*) lines=8 ;;
			esac
			assertEquals "lines, $locale, $words" "$lines" "$(wc -l <"$T/out")"
			assertEquals "controls, $locale, $words" 0 \
				"$(tr -d '\n -\176\200-\377' <"$T/out" | wc -c)"
		done
	done
	# By cat: the shell's echo would take what is meant for escapes.
	for locale in C C.UTF-8; do
		LC_ALL=$locale "$pstree" "$pid" >"$T/drawn"
		cat >"$T/meant" <<-'END'
			demo-+-bad\377\376
			     |-bel\007
			     |-bidi\342\200\256
			     |-c1\233
			     |-cc\302\233
			     |-del\177
			     |-e\033[31m
			     `-nl\012x
		END
		cmp "$T/drawn" "$T/meant" || fail "$locale: $(cat -v "$T/drawn")"
	done
	"$pstree" -a "$pid" | head -n 1 >"$T/drawn"
	cat >"$T/meant" <<-'END'
		demo arg\033[2J\012x\011b\377\302\233\342\200\256
	END
	cmp "$T/drawn" "$T/meant" || fail "$(cat -v "$T/drawn")"
}

testUtf8Names() {
	plant 'demo(gr%c3%bcn %e6%97%a5%e6%9c%ac)'
	assertEquals "$(printf 'demo-+-gr\303\274n\n     `-\346\227\245\346\234\254')" \
		"$(LC_ALL=C.UTF-8 "$pstree" -A "$pid")"
	LC_ALL=C as_theirs -A "$pid"
	# With sanitizers another libc tells the widths, and not in every locale.
	if enabled UNICODE && [ -z "${ASAN_OPTIONS:-}" ]; then
		# A character of two cells is not cut in half.
		assertEquals 'of 11 cells' "$(printf 'demo-+-gr\303\274+\n     `-\346\227\245+')" \
			"$(COLUMNS=11 LC_ALL=C.UTF-8 "$pstree" -A "$pid")"
		assertEquals 'of 10 cells' "$(printf 'demo-+-gr+\n     `-\346\227\245+')" \
			"$(COLUMNS=10 LC_ALL=C.UTF-8 "$pstree" -A "$pid")"
	fi
}

testArguments() {
	plant 'demo(child)' 'a  b' '' 'c'
	assert_run 0 'demo a  b  c
  `-child a  b  c' '' "$pstree" -a "$pid"
	assert_run 0 "demo,$pid a  b  c
  \`-child,* a  b  c" '' "$pstree" -ap "$pid"
}

# ---- borders

# Three PID namespaces, each in the one before; $level1 ... $level3 are their inits as seen here.
make_nest() {
	cat >"$T/nest.sh" <<'END'
read -r pid _ </proc/self/stat
echo "$pid" >"$2/level$1"
if [ "$1" = 3 ]; then
	exec sleep 3000
fi
$3 --fork --pid --kill-child sh "$0" "$(($1 + 1))" "$2" "$3" &
wait
END
	rm -f "$T"/level*
	# shellcheck disable=SC2086 # words
	$new --fork --pid --kill-child sh "$T/nest.sh" 1 "$T" "$new" </dev/null >/dev/null 2>&1 &
	nest=$!
	planted="${planted:-} $nest"
	wait_for "[ -s '$T/level3' ]"
	read -r level1 <"$T/level1"
	read -r level2 <"$T/level2"
	read -r level3 <"$T/level3"
	wait_for "[ \"\$(cat /proc/$level3/comm)\" = sleep ]"
}

inode() { stat -L -c %i "/proc/$1/ns/pid"; }

testBorders() {
	enabled PSTREE_NS || return 0
	make_nest
	one="[pid:$(inode "$level1")]" two="[pid:$(inode "$level2")]" three="[pid:$(inode "$level3")]"
	assertEquals "unshare---$one---sh<init>---unshare---$two---sh<init>---unshare---$three---sleep<init>" \
		"$("$pstree" -l --borders "$nest")"
	assertEquals 'in UTF-8' "unshare───$one───sh<init>───unshare───$two───sh<init>───unshare───$three───sleep<init>" \
		"$("$pstree" -lU --borders "$nest")"
	assertEquals 'without' 'unshare---sh---unshare---sh---unshare---sleep' \
		"$("$pstree" -l "$nest")"
	# Where the first process of the picture is an init, its namespace begins too.
	assertEquals "$two---sh<init>---unshare---$three---sleep<init>" "$("$pstree" -l --borders "$level2")"
}

testBordersAndNumbers() {
	enabled PSTREE_NS || return 0
	make_nest
	child_of "$level2"
	between=$child inner=$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$child/status")
	assertEquals "[pid:$(inode "$level2")]---sh($level2->1)<init>---unshare($between->$inner)---[pid:$(
		inode "$level3")]---sleep($level3->1)<init>" "$("$pstree" -lp --borders "$level2")"
	assertEquals "[pid:$(inode "$level3")]───sleep($level3→1)<init>" \
		"$("$pstree" -lpU --borders "$level3")"
	like "$("$pstree" -lp --borders "$nest")" "unshare($nest)---\\[pid:*]---sh($level1->1)<init>---*" ||
		fail 'one number here, two inside'
}

testBordersAreNotFolded() {
	enabled PSTREE_NS || return 0
	# shellcheck disable=SC2086 # words
	sh -c "$new --fork --pid --kill-child sleep 3001 & $new --fork --pid --kill-child sleep 3001 & wait" \
		</dev/null >/dev/null 2>&1 &
	pid=$!
	planted="$planted $pid"
	wait_for "[ \"\$(\"$pstree\" -c $pid | grep -c 'unshare---sleep')\" = 2 ]"
	assertEquals 'sh---2*[unshare---sleep]' "$("$pstree" "$pid")"
	run "$pstree" --borders "$pid"
	assertEquals 2 "$(wc -l <"$T/out")"
	# shellcheck disable=SC2013 # they are words
	for child in $(cat "/proc/$pid/task/$pid/children"); do
		init=$(cat "/proc/$child/task/$child/children")
		like "$out" "*unshare---\\[pid:$(inode "${init% }")]---sleep*" || fail "$out"
		planted="${init% } $planted"
	done
}

testBordersUnprivileged() {
	enabled PSTREE_NS || return 0
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can give up its rights'
		return
	fi
	make_nest
	# Where a namespace begins is known to everybody, only not which.
	assertEquals "unshare---[pid:?]---sh<init>---unshare---[pid:?]---sh<init>---unshare---[pid:?]---sleep<init>" \
		"$(as_user "$pstree" -l --borders "$nest")"
	assertEquals "[pid:?]---sleep($level3->1)<init>" "$(as_user "$pstree" -lp --borders "$level3")"
}

# Inside: PID 1, then all that came in from outside; psmisc shows PID 1 alone.
testRootsInside() {
	make_nest
	# shellcheck disable=SC2086 # words
	$enter --target "$level3" --pid sleep 3002 </dev/null >/dev/null 2>&1 &
	entered=$!
	child_of "$entered"
	planted="$child $planted"
	wait_for "[ \"\$(cat /proc/$child/comm)\" = sleep ]"
	number=$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$child/status")
	# shellcheck disable=SC2086 # words
	run $enter --target "$level3" --pid /usr/bin/unshare --mount-proc "$pstree" -p
	assertEquals 0 "$rc"
	assertEquals 'sleep(1)' "$(sed -n 1p "$T/out")"
	assertEquals "sleep($number)" "$(sed -n 2p "$T/out")"
	like "$(sed -n 3p "$T/out")" 'pstree(*)' || fail "itself: $out"
	assertEquals 3 "$(wc -l <"$T/out")"
	# From one level up, what entered the third has no parent either, but a namespace.
	if enabled PSTREE_NS; then
		three="\\[pid:$(inode "$level3")]"
		# shellcheck disable=SC2086 # words
		run $enter --target "$level2" --pid /usr/bin/unshare --mount-proc "$pstree" -l --borders
		like "$out" "sh<init>---unshare---$three---sleep<init>*$three---sleep*" || fail "$out"
	fi
	kill -KILL "$child"
	wait "$entered" 2>/dev/null || :
}

testRefs() {
	enabled PID_REF || return 0
	make_nest
	for ref in "$level2" "$(inode "$level2")" "$(readlink "/proc/$level2/ns/pid")"; do
		assertEquals "1@$ref" "sh($level2)" "$("$pstree" -lp "1@$ref" | sed 's/---.*//')"
	done
	assertEquals "sleep($level3)" "$("$pstree" -p "1@$level3")"
	assertEquals 'two' "sleep($level3)
sleep($level3)" "$("$pstree" -p "1@$level3" "$level3")"
	assert_run 1 '' "pstree: '1@4194304': no such PID namespace or container" "$pstree" 1@4194304
	for junk in 1@ @1 1@x 1@@1 0@1 1@0; do
		assert_run 1 '' "pstree: '$junk': not a process: expected PID, PID@REF or a container's ID" "$pstree" "$junk"
	done
}

# ---- how it behaves

testCutAt132InAPipe() {
	tree='a-ninth-15'
	for name in a-eighth-15-xxx a-seventh-15-xx a-sixth-15-xxxx a-fifth-15-xxxx a-fourth-15-xxx \
		a-third-15-xxxx a-second-15-xxx a-first-15-xxxx
	do
		tree="$name($tree)"
	done
	plant "$tree"
	as_theirs "$pid"
	assertEquals 132 "$("$pstree" "$pid" | awk '{ print length($0) }')"
	as_theirs -l "$pid"
	assertEquals "$(COLUMNS=132 "$pstree" "$pid")" "$("$pstree" "$pid")"
}

testChurn() {
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	$new --fork --pid --kill-child sh -c 'echo; for _ in 1 2; do while :; do (:); done & done; wait' \
		</dev/null >"$T/churn" 2>/dev/null &
	churn=$!
	child_of "$churn"
	planted="$child ${planted:-}"
	wait_for "[ -s '$T/churn' ]"
	n=0
	while [ "$((n += 1))" -le 30 ]; do
		run "$pstree" -p
		if [ "$rc" != 0 ] || [ -n "$err" ]; then
			fail "run $n: status $rc: $err"
			break
		fi
	done
}

testWithoutProc() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can chroot'
		return
	fi
	mkdir "$T/root"
	cp "$BIN/pidbox" "$T/root/pstree"
	# A program that needs no library is at home in a directory that holds nothing else.
	if chroot "$T/root" /pstree --version >/dev/null 2>&1; then
		assert_run 1 '' 'pstree: no /proc here; the cure is: mount -t proc proc /proc*' \
			chroot "$T/root" /pstree
		assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	fi
	rm -r "$T/root"
}

testFullDisk() {
	"$pstree" >/dev/full 2>"$T/err"
	assertEquals 1 $?
	like "$(cat "$T/err")" 'pstree: write error: *' || fail "$(cat "$T/err")"
}

testMisuse() {
	for word in --bogus -Q; do
		assert_run 1 '' "pstree: *
Try 'pstree --help' for more information." "$pstree" "$word"
	done
	assert_run 0 'Usage: pstree *' '' "$pstree" --help
	assert_run 0 'pidbox *' '' "$pstree" -V
}

. "${SHUNIT2:-shunit2}"
