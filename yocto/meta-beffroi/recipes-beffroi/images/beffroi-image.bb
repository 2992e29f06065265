SUMMARY = "A Raspberry Pi that rings the school"
DESCRIPTION = "Beffroi, ALSA, time and mDNS on a root that is never written, and data of their own"
LICENSE = "MIT"

require recipes-core/images/core-image-minimal.bb

# No root password and no ssh: what may be asked of the box is asked of Beffroi.
IMAGE_FEATURES += "read-only-rootfs"

IMAGE_INSTALL += "\
    alsa-utils \
    avahi-daemon \
    beffroi \
    kernel-modules \
    tzdata-core \
    tzdata-europe \
"

IMAGE_FSTYPES = "wic.zst wic.bmap"
WKS_FILE = "beffroi-raspberrypi.wks"

# The Pi's own watchdog restarts a box whose kernel or systemd hangs (15 s is all that it can).
beffroi_watchdog() {
    install -d ${IMAGE_ROOTFS}${nonarch_libdir}/systemd/system.conf.d
    printf '[Manager]\nRuntimeWatchdogSec=15\n' \
        > ${IMAGE_ROOTFS}${nonarch_libdir}/systemd/system.conf.d/50-beffroi-watchdog.conf
}
ROOTFS_POSTPROCESS_COMMAND += "beffroi_watchdog"
