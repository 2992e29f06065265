SUMMARY = "School bell: a contact, a browser or an API call rings a sound"
DESCRIPTION = "Plays the right sound the moment a contact closes or its HTTPS API is asked"
SECTION = "multimedia"
CVE_PRODUCT = "beffroi"
LICENSE = "(MIT | Apache-2.0) & CC0-1.0"
LIC_FILES_CHKSUM = "\
    file://LICENSE-APACHE;md5=3b83ef96387f14655fc854ddc3c6bd57 \
    file://LICENSE-MIT;md5=ee918c72f083fef9334f687f42c8cf75 \
    file://data/musiques/README.md;md5=bf4b89844c2992e2592d8365f8c9c238 \
"

DEPENDS = "alsa-lib nodejs-native"

SRC_URI = "git://${BEFFROI_REPOSITORY};protocol=file;nobranch=1"
# What is committed there now; asked at each parsing, since a commit changes no file of this layer.
SRCREV = "${@oe.buildcfg.get_metadata_git_revision(d.getVar('BEFFROI_REPOSITORY'))}"
BB_DONT_CACHE = "1"

inherit cargo cargo-update-recipe-crates pkgconfig systemd useradd

require ${BPN}-crates.inc
require ${BPN}-page.inc

CARGO_BUILD_FLAGS += "--package beffroi --bin beffroi"
# Yocto strips, and keeps what it strips in beffroi-dbg.
export CARGO_PROFILE_RELEASE_STRIP = "none"

# The page first: the program embeds it.
do_compile:prepend() {
    cd ${S}/app/web
    node node_modules/vite/bin/vite.js build
    node scripts/pack.mjs
    cd -
}

SYSTEMD_SERVICE:${PN} = "beffroi.service beffroi-init.service"

USERADD_PACKAGES = "${PN}"
GROUPADD_PARAM:${PN} = "--system gpio"
USERADD_PARAM:${PN} = "\
    --system --user-group --groups audio,dialout,gpio \
    --home-dir ${localstatedir}/lib/beffroi --no-create-home --shell ${base_sbindir}/nologin \
    beffroi \
"

do_install:append() {
    install -D -m 0644 ${S}/data/systemd/beffroi.service ${D}${systemd_system_unitdir}/beffroi.service
    install -D -m 0644 ${S}/data/systemd/beffroi-init.service ${D}${systemd_system_unitdir}/beffroi-init.service
    install -D -m 0644 ${S}/data/udev/60-beffroi.rules ${D}${nonarch_base_libdir}/udev/rules.d/60-beffroi.rules
}

# Without its configuration files libasound knows no "default"; PRONOTE's certificates need roots.
RDEPENDS:${PN} = "alsa-conf ca-certificates"
