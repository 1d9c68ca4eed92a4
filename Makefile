# SPDX-License-Identifier: 0BSD
# The build of pidbox. `make help` lists the targets, from the comments that begin with "##".
#
# Variables: CC CROSS_COMPILE CFLAGS LDFLAGS O=DIR (where everything generated goes) V=1 (show the
# commands) DESTDIR PREFIX AWK MUSL=DIR (a musl that is in no usual place: DIR/lib, DIR/include).

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

O ?= build
V ?= 0
AWK ?= awk
PREFIX ?= /usr/local
Q := $(if $(filter 1,$(V)),,@)
silent = $(findstring s,$(filter-out --%,$(firstword $(MAKEFLAGS))))
say = $(if $(filter 1,$(V)),,$(if $(silent),@,@printf '  %-7s %s\n' '$(1)' '$(2)';))
DOTCONFIG := $(if $(filter build,$(O)),.config,$(O)/.config)

# The order is that of the program: what a PID 1 runs lies together, in few pages.
SRC := $(sort $(wildcard applets/init/*.c core/*.c))
SRC += $(filter-out $(SRC),$(sort $(wildcard applets/*.c applets/*/*.c)))
APPLETS := $(sort $(wildcard applets/*.c applets/*/*.c))
OBJ := $(SRC:%.c=$(O)/obj/%.o) $(O)/obj/table.o

# ---- The compiler: CC=, else CROSS_COMPILE, else one that targets musl, else musl-gcc.
ifeq ($(origin CC),default)
  ifneq ($(CROSS_COMPILE),)
    CC := $(CROSS_COMPILE)gcc
  else ifneq ($(findstring musl,$(shell cc -dumpmachine 2>/dev/null)),)
    CC := cc
  else
    CC := musl-gcc
  endif
endif

# A compiler that does not target musl gets musl's own headers and start files, and nothing else:
# clang and a plain gcc build the same program as musl-gcc does.
TRIPLE := $(shell $(CC) -dumpmachine 2>/dev/null)
ifeq ($(findstring musl,$(TRIPLE)),)
  MUSL_TRIPLE := $(shell echo '$(TRIPLE)' | sed 's/-pc-\|-unknown-/-/; s/^i.86/i386/; s/gnu/musl/')
  MUSL_DIRS := $(if $(MUSL),$(MUSL)/lib,/usr/lib/$(MUSL_TRIPLE) /usr/$(MUSL_TRIPLE)/lib \
               /usr/local/musl/lib /usr/lib/musl/lib)
  MUSL_LIB := $(patsubst %/libc.a,%,$(firstword $(wildcard $(MUSL_DIRS:%=%/libc.a))))
  MUSL_INC := $(firstword $(wildcard $(if $(MUSL_LIB),/usr/include/$(notdir $(MUSL_LIB)) \
              $(MUSL_LIB:%/lib=%/include))))
endif

# ---- Flags
# Targets that compile nothing need no configuration.
NO_CONFIG := help clean distclean setup menuconfig randtest lint %config
ifneq ($(filter-out $(NO_CONFIG),$(or $(MAKECMDGOALS),all)),)
  -include $(O)/config.mk
endif
CPPFLAGS_ALL := -D_GNU_SOURCE -I$(O) -Icore $(if $(findstring clang,$(CC)),-Qn,-fno-ident)
CFLAGS_ALL = -std=gnu11 -Os -Wall -Wextra -Wshadow -Wstrict-prototypes -ffunction-sections \
  -fdata-sections -fvisibility=hidden -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-strict-aliasing \
  $(if $(filter y,$(CONFIG_STACK_PROTECTOR)),-fstack-protector,-fno-stack-protector) \
  $(if $(filter y,$(CONFIG_STATIC_PIE)),-fPIE,-fno-pie) $(if $(filter y,$(CONFIG_LTO)),$(lto))
LDFLAGS_ALL = -Wl,--gc-sections -Wl,-z,noseparate-code -Wl,--build-id=none -Wl,-z,noexecstack \
  -Wl,-z,$(if $(filter y,$(CONFIG_RELRO)),relro$(comma)-z$(comma)now,norelro) \
  $(if $(filter y,$(CONFIG_LTO)),$(lto)) -Wl,-s
comma := ,
# clang's would need lld besides.
lto = $(if $(findstring clang,$(CC)),,-flto)

ifneq ($(SANITIZE),)
  # A second build for the tests: the host's compiler and libc, every access checked.
  CC := $(if $(filter musl-gcc,$(CC)),cc,$(CC))
  CFLAGS_ALL = -std=gnu11 -O1 -g -Wall -Wextra -fno-omit-frame-pointer -fno-strict-aliasing \
    -fsanitize=address,undefined -fno-sanitize-recover=undefined
  LDFLAGS_ALL = -fsanitize=address,undefined
  OBJ += $(O)/obj/tests/sanitize.o
  link = $(CC) $(CFLAGS_ALL) $(CFLAGS) -o $@ $(OBJ) $(LDFLAGS_ALL) $(LDFLAGS)
else ifneq ($(findstring musl,$(TRIPLE)),)
  link = $(CC) $(CFLAGS_ALL) $(CFLAGS) -o $@ $(OBJ) \
    $(if $(filter y,$(CONFIG_STATIC_PIE)),-static-pie,-static -no-pie) $(LDFLAGS_ALL) $(LDFLAGS)
else
  CPPFLAGS_ALL += -nostdinc -isystem $(MUSL_INC)
  # musl-gcc -static-pie makes a dynamic program without a word: name the start files instead.
  link = $(CC) $(CFLAGS_ALL) $(CFLAGS) -nostdlib -nostartfiles -static \
    $(if $(filter y,$(CONFIG_STATIC_PIE)),-Wl$(comma)-pie -Wl$(comma)--no-dynamic-linker \
    -Wl$(comma)-z$(comma)text,$(if $(findstring clang,$(CC)),,-no-pie)) -o $@ \
    $(MUSL_LIB)/$(if $(filter y,$(CONFIG_STATIC_PIE)),rcrt1.o,crt1.o) $(MUSL_LIB)/crti.o $(OBJ) \
    $(LDFLAGS_ALL) $(LDFLAGS) -L$(MUSL_LIB) -Wl,--start-group -lc $(LIBGCC) -Wl,--end-group \
    $(MUSL_LIB)/crtn.o
  LIBGCC = $(wildcard $(shell $(CC) -print-libgcc-file-name 2>/dev/null))
endif

# ---- Targets
.PHONY: all
all: $(O)/pidbox ## build $(O)/pidbox, one static program

MUSL_PACKAGES := musl-tools (Debian, Ubuntu), gcc musl-dev (Alpine), musl-gcc musl-libc-static (Fedora), musl (Arch)
.PHONY: compiler
compiler:
ifeq ($(TRIPLE),)
	@echo "make: no compiler '$(CC)': run scripts/setup build, or install $(MUSL_PACKAGES)" >&2; exit 1
else ifeq ($(SANITIZE)$(findstring musl,$(TRIPLE))$(MUSL_INC),)
	@echo "make: no musl C library for $(TRIPLE): run scripts/setup build, or install $(MUSL_PACKAGES)" >&2; exit 1
endif

# From an archive, so that the linker loads only what is reached. An object that it need not have may
# name a part of libc that costs by being there: musl has two allocators, and who frees gets the large.
FIRST := $(filter $(addprefix $(O)/obj/,core/main.o table.o tests/sanitize.o),$(OBJ))
$(O)/obj.a: $(OBJ) $(O)/flags
	$(Q)rm -f $@ && $$($(CC) -print-prog-name=ar) rcs $@ $(filter-out $(FIRST),$(OBJ))

$(O)/pidbox: private OBJ = $(FIRST) $(O)/obj.a
$(O)/pidbox: $(FIRST) $(O)/obj.a $(O)/flags
	$(call say,LINK,$@)$(link)

$(O)/obj/%.o: %.c $(O)/flags $(O)/config.h
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/obj/table.o: $(O)/table.c $(O)/flags $(O)/config.h
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/obj/core/applet.o: $(O)/version.h
$(O)/obj/core/main.o: $(O)/table.c
-include $(OBJ:.o=.d)

# Generated files are made anew on every run and replaced only when they differ, so that a deleted
# applet or another flag is noticed.
replace = if cmp -s $(1).new $(1); then rm $(1).new; else mv $(1).new $(1); fi

$(O)/flags: FORCE | compiler
	@mkdir -p $(O)
	@printf '%s\n' '$(CC) $(TRIPLE) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(CFLAGS) $(LDFLAGS_ALL) $(LDFLAGS)' >$@.new
	@$(call replace,$@)

$(O)/applets.in: FORCE
	@mkdir -p $(O)
	@sh scripts/applets.sh config $(APPLETS) >$@.new && $(call replace,$@)

config_awk = cd $(O) && LC_ALL=C $(AWK) -v kconfig=$(CURDIR)/Config.in -v srcdir=$(CURDIR) \
  -v config=$(abspath $(DOTCONFIG)) -v set='$(SET)'

$(DOTCONFIG): | $(O)/applets.in
	@test -e $@ || { $(config_awk) -v mode=defconfig -v out=$(abspath $@) -f $(CURDIR)/scripts/config.awk; }

$(O)/config.mk: $(DOTCONFIG) $(O)/applets.in Config.in scripts/config.awk
	@$(config_awk) -v mode=check -v out=$(abspath $@).new -f $(CURDIR)/scripts/config.awk && \
	  { cd $(CURDIR); cmp -s $@.new $(DOTCONFIG) || cp $@.new $(DOTCONFIG); touch -r $(DOTCONFIG) $@.new; \
	  mv $@.new $@; touch $@; }

$(O)/config.h: $(O)/config.mk
	@$(config_awk) -v mode=header -v out=$(abspath $@).new -f $(CURDIR)/scripts/config.awk && \
	  { cd $(CURDIR); $(call replace,$@); }

$(O)/table.c: FORCE $(O)/config.mk
	@sh scripts/applets.sh table $(O)/config.mk $(APPLETS) >$@.new && $(call replace,$@)
	@sh scripts/applets.sh count $(O)/config.mk $(APPLETS) >$(O)/count.h.new && $(call replace,$(O)/count.h)
$(OBJ): | $(O)/table.c

$(O)/version.h: FORCE $(O)/config.mk
	@sh scripts/applets.sh version $(O)/config.mk $(APPLETS) >$@.new && $(call replace,$@)

# ---- Configuration
CONFIGS := defconfig allyesconfig allnoconfig randconfig oldconfig
.PHONY: $(CONFIGS) menuconfig
defconfig: ## the answers that ship (all configs: SET="NAME=y NAME=n" on top)
allyesconfig: ## everything on
allnoconfig: ## everything off
randconfig: ## a random configuration: SEED=N
oldconfig: ## keep .config's answers, report what it holds that is unknown
$(CONFIGS): $(O)/applets.in
	$(Q)$(config_awk) -v mode=$@ -v seed=$(or $(SEED),1) -v out=$(abspath $(DOTCONFIG)) \
	  -f $(CURDIR)/scripts/config.awk

menuconfig: $(O)/applets.in $(DOTCONFIG) ## choose in menus (kconfig-mconf)
	@command -v kconfig-mconf >/dev/null || { \
	  echo "make: no kconfig-mconf: install kconfig-frontends, or edit $(DOTCONFIG)" >&2; exit 1; }
	$(Q)cd $(O) && srctree=$(CURDIR) KCONFIG_CONFIG=$(abspath $(DOTCONFIG)) kconfig-mconf $(CURDIR)/Config.in

# ---- Install, documents, size
.PHONY: install docs picture size
install: $(O)/pidbox docs ## DESTDIR= PREFIX= OVERWRITE=1: the program, links, man pages
	$(Q)install -D -m 755 $(O)/pidbox $(DESTDIR)$(PREFIX)/bin/pidbox
	$(Q)for page in $(O)/man/*.1; do \
	  install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man1/$${page##*/}; done
	$(Q)sed -n 's/^\t{ "\([a-z0-9_]*\)", "[^"]*", &applet_\1 .*/\1/p' $(O)/table.c | { \
	  status=0; cd $(DESTDIR)$(PREFIX)/bin || exit; while read -r name; do \
	    if [ -e "$$name" ] && [ "$$(readlink "$$name")" != pidbox ] && [ -z "$(OVERWRITE)" ]; then \
	      echo "make: $$PWD/$$name exists and is no link of ours (OVERWRITE=1 replaces it)" >&2; \
	      status=1; \
	    else ln -sf pidbox "$$name"; fi; done; exit $$status; }

docs: ## man pages into $(O)/man, the applet table into README.md
	$(Q)sh scripts/docs.sh $(O)/man

picture: all ## scripts/pidns.svg, the picture of README.md (takes root, graphviz)
	$(Q)sh scripts/picture.sh $(O)/pidbox >$(O)/pidns.svg && cp $(O)/pidns.svg scripts/pidns.svg

size: ## bytes of the whole program, of each applet alone, of hardening
	$(Q)sh scripts/size.sh $(O)

# The programs of the benchmark are made as pidbox is, but as small as can be.
BENCH := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/bench/*.c))
$(O)/bench/%: private OBJ = $(CPPFLAGS_ALL) $(filter %.c,$^)
$(O)/bench/%: private CONFIG_STATIC_PIE = n
$(O)/bench/%: private CONFIG_STACK_PROTECTOR = n
$(O)/bench/measure: $(wildcard tests/bench/measure/*.[ch])
$(O)/bench/%: tests/bench/%.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)$(link)

.PHONY: bench bench-setup bench-programs
bench: bench-setup ## figures beside other programs and floors: a table, $(O)/bench.json
	$(Q)CC='$(CC)' BUILD=$(abspath $(O)) QUICK=$(QUICK) sh scripts/bench.sh

bench-%: bench-setup ## the figures of one part: make bench-init (QUICK=1: does it work?)
	$(Q)CC='$(CC)' BUILD=$(abspath $(O)) QUICK=$(QUICK) sh scripts/bench.sh $*

bench-setup:
	$(Q)sh scripts/setup bench
	$(Q)$(MAKE) --no-print-directory O=$(O) all bench-programs

bench-programs: $(BENCH)
	@:

# ---- Demo and tests
.PHONY: demo test test-system lint fuzz randtest sanitize
demo: ## PID namespaces told with real processes; PAUSE=1 stops after each step
	$(Q)sh scripts/setup build
	$(Q)$(MAKE) --no-print-directory O=$(O) all
	$(Q)PAUSE=$(PAUSE) sh scripts/demo.sh $(O)/pidbox

# COUNT=FILE carries on the count of the tests from one of them to the next.
RUN_TESTS = BUILD=$(abspath $(O)) sh tests/run -j 2 $(if $(COUNT),-c $(COUNT))

test: ## the tests, on the program and on a second build with sanitizers
	$(Q)sh scripts/setup build test
	$(Q)$(MAKE) --no-print-directory O=$(O) all
	$(Q)$(MAKE) --no-print-directory O=$(O) sanitize
	$(Q)$(RUN_TESTS) --sanitized $(abspath $(O))/asan/pidbox core applet

test-%: all ## the tests of one applet or part: make test-ps
	$(Q)BUILD=$(abspath $(O)) sh tests/run $*

test-system: ## init as PID 1 of containers, by podman, and of machines, by qemu
	$(Q)sh scripts/setup build test
	$(Q)$(MAKE) --no-print-directory O=$(O) all
	$(Q)$(RUN_TESTS) system

sanitize: ## $(O)/asan/pidbox: AddressSanitizer and UndefinedBehaviorSanitizer, the host's libc
	$(Q)mkdir -p $(O)/asan
	$(Q)$(MAKE) --no-print-directory O=$(O)/asan SANITIZE=1 all

lint: ## the rules of the house, by machine
	$(Q)sh scripts/lint.sh

fuzz: ## libFuzzer on the parsers: NAME= SECONDS=
	$(Q)BUILD=$(abspath $(O)) NAME=$(NAME) SECONDS=$(SECONDS) sh scripts/fuzz.sh

randtest: ## build and try random configurations: N= SEED=
	$(Q)sh scripts/randtest.sh $(or $(N),10) $(or $(SEED),1)

# ---- The rest
.PHONY: clean distclean setup help FORCE
setup: ## install what building needs
	$(Q)sh scripts/setup build

clean: ## delete what was built
	$(Q)rm -rf $(O)

distclean: clean ## and the configuration
	$(Q)rm -f .config .config.old

help: ## this list
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name text; do \
	  printf '  %-13s %s\n' "$$name" "$$text"; done | sed 's,$$(O),$(O),g'

FORCE:
