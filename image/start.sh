#!/bin/busybox sh
# From the kernel to the box: loads what the disk needs, mounts the root, hands over.
PATH=/bin
busybox mkdir -p /dev /proc /sys /run /new
busybox mount -t devtmpfs dev /dev
busybox mount -t proc proc /proc
busybox mount -t sysfs sys /sys
# There already where somebody came before us.
busybox grep -q ' /run ' /proc/mounts || busybox mount -t tmpfs -o mode=755,nosuid,nodev run /run

for word in $(busybox cat /proc/cmdline); do
	case $word in root=*) wanted=${word#root=} ;; esac
done
tries=0
# Each driver finds further devices: a bus, a card in it, the regulator that feeds it.
until disk=$(busybox findfs "$wanted" 2>/dev/null); do
	busybox find /sys/devices -name modalias -exec busybox cat {} + | busybox sort -u |
		while read -r alias; do busybox modprobe -q "$alias" 2>/dev/null; done
	tries=$((tries + 1))
	if [ $tries -gt 60 ]; then
		echo "$wanted is not there: is the card whole?"
		busybox sleep 10
		busybox reboot -f
	fi
	[ $tries -lt 3 ] || busybox sleep 1
done
busybox modprobe -q ext4
# No error, no careless mount writes to it.
busybox blockdev --setro "$disk"
busybox mount -t ext4 -o ro,noatime "$disk" /new || busybox reboot -f
for folder in dev proc sys run; do busybox mount --move /$folder /new/$folder; done
exec busybox switch_root /new /usr/lib/systemd/systemd
