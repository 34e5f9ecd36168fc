# What can be done here; `make` lists it.
SHELL := /bin/bash -o pipefail

PREFIX  ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
UNITDIR ?= $(PREFIX)/lib/systemd/system
DOCDIR  ?= $(PREFIX)/share/doc/concord

# make soak: the first seed, and how long to go on.
SEED    ?= 1
SECONDS ?= 60

BINARY := .build/release/concord

# make bench: how many files, which workloads, how many rounds, how many MiB the large file has.
export BENCH_SIZES ?= 10000 100000 1000000
export BENCH_ONLY ?= W1 W2 W3 W4 W5 W6 W7 W8
export BENCH_ROUNDS ?= 3
export BENCH_LARGE ?= 1024
# Who is measured too if it is there; trees that the slow ones take; seconds for one run of one tool.
export BENCH_PEERS ?= csync2 unison syncthing
export BENCH_SLOW ?= 10000
export BENCH_FRESH ?= 200000
export BENCH_LIMIT ?= 900

.PHONY: help setup build test demo bench fleet costs soak soak-actions install clean

help:
	@echo 'Concord keeps files on many hosts in sync, without a master.'
	@echo
	@echo '  make demo      three hosts on this machine and what they promise, in half a minute'
	@echo '  make test      format, build and every suite'
	@echo '  make build     the release binary: $(BINARY)'
	@echo '  make bench     beside rsync and the floors; BENCH_SIZES, BENCH_ONLY, BENCH_ROUNDS, BENCH_LARGE'
	@echo '  make fleet     how an edit spreads over 1 000 hosts, simulated'
	@echo '  make costs     instructions, against the limits in spec/cost.md; UPDATE=1 writes them'
	@echo '  make soak      random histories: SEED=$(SEED) SECONDS=$(SECONDS)'
	@echo '  make soak-actions  kills around actions: SEED=$(SEED) SECONDS=$(SECONDS)'
	@echo '  make install   into DESTDIR, PREFIX=$(PREFIX); CSYNC2=1: under the name csync2 too'
	@echo '  make setup     installs what is missing (Debian 12)'
	@echo '  make clean     removes all that was built'

setup:
	@.ci/setup

build: setup
	@.ci/build

test: setup
	@.ci/test

demo: build
	@.ci/demo

bench: build
	@.ci/bench

fleet: setup
	@CONCORD_FLEET=1 swift test --filter 'A fleet of a thousand hosts' 2>&1 \
	  | grep -E '^fleet:|✘|error:|Test run with'

costs: build
	@UPDATE='$(UPDATE)' .ci/costs

soak: setup
	@grep -rqs CONCORD_SOAK Tests/ModelTests || { echo 'soak: no history test here' >&2; exit 69; }
	@echo 'random histories from seed $(SEED) for $(SECONDS) s (built first)'
	@CONCORD_SOAK_SEED=$(SEED) CONCORD_SOAK_SECONDS=$(SECONDS) \
	  swift test -c release --filter 'keeps its word' 2>&1 \
	  | grep --line-buffered -E '^soak:|✘|error:|Test run with'

soak-actions: build
	@CONCORD_BINARY=$(CURDIR)/$(BINARY) .ci/soak-actions $(SEED) $(SECONDS)

install:
	@test -x $(BINARY) || { echo 'install: not built yet; run: make build' >&2; exit 66; }
	@install -D -m 0755 -s $(BINARY) '$(DESTDIR)$(SBINDIR)/concord'
	@install -d -m 0755 '$(DESTDIR)$(UNITDIR)'
	@for unit in concord.service concord.socket; do \
	  sed 's|/usr/local/sbin|$(SBINDIR)|' packaging/$$unit >'$(DESTDIR)$(UNITDIR)/'$$unit; \
	  chmod 0644 '$(DESTDIR)$(UNITDIR)/'$$unit; done
	@install -D -m 0644 packaging/concord.8 '$(DESTDIR)$(PREFIX)/share/man/man8/concord.8'
	@if [ -n '$(CSYNC2)' ]; then ln -sf concord '$(DESTDIR)$(SBINDIR)/csync2'; fi
	@install -d -m 0755 '$(DESTDIR)$(DOCDIR)/spec'
	@install -m 0644 packaging/concord.inetd packaging/concord.cron '$(DESTDIR)$(DOCDIR)'
	@install -m 0644 README.md LICENSE '$(DESTDIR)$(DOCDIR)'
	@install -m 0644 spec/*.md '$(DESTDIR)$(DOCDIR)/spec'
	@echo 'installed $(DESTDIR)$(SBINDIR)/concord and $(DESTDIR)$(DOCDIR)'

clean:
	@rm -rf .build
	@echo 'removed .build'
