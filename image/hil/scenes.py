"""What the box must do with contacts, a sound card, a serial board and a disk that are the kernel's own."""

import re
import time
from array import array

from guest import RATE
from vm import Failed, Machine

PASSWORD = "a-password-of-the-test"
DEVICE = "hw:CARD=Loopback,DEV=0"
FRAMES = 4096
# The number of gpio-sim's lines: as many as a Pi 4 has.
LINES = 58
CHIP = "/sys/kernel/config/gpio-sim/pi"
SIM = "/sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio"

CONF = {
    "auth": {"username": "admin", "password": PASSWORD},
    # The clock of snd-aloop is the tick of the kernel, 4 ms, and the processor a fiftieth of a real one:
    # blocks of 256 frames would find it too late now and then.
    "audio": {"device": DEVICE, "buffer_frames": FRAMES},
    "serial": {"enabled": True, "port": "/dev/board", "baudrate": 115200},
    "triggers": {
        "GPIO23": {
            "name": "Entrance", "type": "GPIO23", "music_file": "ramp.wav",
            "start_seconds": 0.25, "end_seconds": 0.75,
        },
        "GPIO24": {"name": "Gate", "type": "GPIO24", "music_file": "ramp.wav", "end_seconds": 0.1},
        "DOOR": {"name": "Door", "type": "DOOR", "music_file": "ramp.wav", "end_seconds": 0.1},
    },
    "board": {
        "kind": "raspberry-pi",
        "lines": {
            "GPIO24": {"offset": 24, "bias": "pull-down", "active": "high", "debounce_ms": 30},
            "DOOR": {"debounce_ms": 30},
        },
        "outputs": {"LAMP": {"offset": 17, "active": "high"}},
    },
}  # fmt: skip


class Box:
    """The guest as a person stands before it: contacts, loudspeaker, what it says of itself."""

    def __init__(self, machine: Machine):
        self.machine = machine
        self.run = machine.run

    def plug_in_chip(self) -> None:
        self.run(
            f"modprobe gpio-sim; [ -d /sys/kernel/config/gpio-sim ] || mount -t configfs configfs /sys/kernel/config; mkdir -p {CHIP}/bank; echo {LINES} >{CHIP}/bank/num_lines;"
            f"echo pinctrl-bcm2711 >{CHIP}/bank/label; echo 1 >{CHIP}/live"
        )

    def unplug_chip(self) -> None:
        self.run(f"echo 0 >{CHIP}/live")

    def level(self, line: int, high: bool) -> None:
        self.run(f"echo pull-{'up' if high else 'down'} >$(echo {SIM}{line}/pull)")

    def bounce(self, line: int, moves: str) -> bool:
        """Whether the hand was quick enough for it to be one bouncing, not several presses."""
        clock = "read -r t _ </proc/uptime; echo $t; "
        said = self.run(f"p=$(echo {SIM}{line}/pull); {clock} {moves} {clock}").split()
        return float(said[1]) - float(said[0]) <= 0.02

    def health(self) -> dict:
        said = self.machine.try_to_ask("GET", "/api/health")
        return said or {"status": "silent", "board": {}, "audio": {}}

    def journal(self) -> list:
        return self.machine.try_to_ask("GET", "/api/journal?limit=100", password=PASSWORD) or []

    def rings(self, trigger: str) -> int:
        return sum(ring["trigger"] == trigger for ring in self.journal())

    def wait_for_rings(self, trigger: str, count: int, what: str) -> None:
        self.machine.until(what, lambda: self.rings(trigger) >= count)
        if self.rings(trigger) != count:
            raise Failed(f"{trigger}: {self.rings(trigger)} rings, not {count}")

    def armed(self) -> bool:
        """Whether the API answers, signed in."""
        return bool(self.machine.try_to_ask("GET", "/api/triggers", password=PASSWORD))

    def underruns(self) -> int:
        """How often the box was too late for the sound card."""
        said = self.machine.text("/metrics", PASSWORD)
        return int(re.search(r"^beffroi_audio_underruns_total (\d+)", said, re.MULTILINE).group(1))

    def samples(self, path: str, sample_format: str) -> tuple[list[float], list[float]]:
        """A recording, left and right, in units of 16 bits."""
        code, unit = {"S16_LE": ("h", 1), "S32_LE": ("i", 65_536), "FLOAT_LE": ("f", 1 / 32_768)}[
            sample_format
        ]
        values = array(code, self.machine.read(path))
        return [v / unit for v in values[0::2]], [v / unit for v in values[1::2]]

    def wait_for_silence(self) -> None:
        self.machine.until("silent", lambda: self.health().get("playing", 1) is None)

    def wait_for_board(self, ready: bool) -> None:
        def look() -> bool:
            boards = self.health()["board"].get("boards", [])
            return any(b["kind"] == "raspberry-pi" and b["ready"] == ready for b in boards)

        self.machine.until(f"a board that is {'there' if ready else 'away'}", look)

    def wait_for_sound(self, ready: bool) -> None:
        look = lambda: self.health()["audio"].get("ready") == ready
        self.machine.until(f"a sound card that is {'there' if ready else 'away'}", look, 60)


def expect(found, wanted, what: str) -> None:
    if found != wanted:
        raise Failed(f"{what}: {found!r}, not {wanted!r}")


def late_and_held(box: Box) -> str:
    """A chip that appears late is found; a contact held meanwhile rings when it is pressed again only."""
    box.machine.until("an answer", box.armed)
    up = box.run("cut -d' ' -f1 /proc/uptime").strip()
    box.wait_for_board(False)
    expect(box.health()["status"], "degraded", "status without a chip")
    box.plug_in_chip()
    box.level(23, False)
    box.level(24, False)
    box.wait_for_board(True)
    box.wait_for_sound(True)
    expect(box.rings("GPIO23"), 0, "rings because the box started")
    box.level(23, True)
    time.sleep(0.1)
    box.level(23, False)
    box.wait_for_rings("GPIO23", 1, "a ring when it was pressed again")
    box.level(23, True)
    return f"the API answered {up} s after the kernel's start"


def as_configured(box: Box) -> str:
    """Bias and active level are what the configuration says: the kernel is asked."""
    lines = box.run("gpioinfo $(gpiodetect | grep pinctrl-bcm2711 | cut -d' ' -f1)").splitlines()
    line = {n: " ".join(text.split()) for n, text in enumerate(lines[1:])}
    for number, words in [
        (23, ["beffroi", "input", "active-low", "pull-up"]),
        (24, ["beffroi", "input", "active-high", "pull-down"]),
        (17, ["beffroi", "output", "active-high"]),
    ]:
        missing = [word for word in words if word not in line[number]]
        expect(missing, [], f"missing in {line[number]!r}")
    return "; ".join(line[n].split(":", 1)[1].strip() for n in (23, 24))


def heard_as_configured(box: Box) -> str:
    """A press is heard: the frames between start_seconds and end_seconds, each of them, in their order."""
    box.wait_for_silence()
    hw = box.run("cat /proc/asound/Loopback/pcm0p/sub0/hw_params")
    expect(re.search(r"period_size: (\d+)", hw).group(1), str(FRAMES), "frames of a period")
    sample_format = re.search(r"format: (\w+)", hw).group(1)
    underruns = box.underruns()
    left, right = record(box, sample_format)
    expect(box.underruns(), underruns, "times that the card was given nothing")
    expect("overrun" in box.run("cat /run/arecord"), False, "the recorder was too slow")
    first = next((n for n, value in enumerate(left) if abs(value) > 100), None)
    if first is None:
        raise Failed("nothing was heard")
    wanted = [4_000 + frame // 2 for frame in range(RATE // 4, RATE * 3 // 4)]
    for n, value in enumerate(wanted):
        if abs(left[first + n] - value) > 1.5 or abs(right[first + n] + value) > 1.5:
            raise Failed(f"frame {n} is {left[first + n]}, {right[first + n]}, not ±{value}")
    after = left[first + len(wanted) :]
    if any(abs(value) > 1.5 for value in after):
        raise Failed("it sounds on after its end")
    return f"{len(wanted)} frames of {len(wanted)}, {sample_format}, blocks of {FRAMES}"


def record(box: Box, sample_format: str) -> tuple[list[float], list[float]]:
    """Presses while the other end of the sound card is recorded."""
    rings = box.rings("GPIO23")
    # What rang before is ended when its last frame is handed over: the card still has 2 blocks to play.
    box.run(
        "sleep 0.5; rm -f /run/heard; arecord -q -D hw:CARD=Loopback,DEV=1 -c 2 -r 48000 -t raw"
        f" -f {sample_format} -d 4 /run/heard >/run/arecord 2>&1 & sleep 1"
    )
    box.level(23, False)
    box.wait_for_rings("GPIO23", rings + 1, "a ring")
    box.level(23, True)
    box.machine.until("a recording", lambda: box.machine.attempt("ps | grep -q '[a]record'")[0])
    return box.samples("/run/heard", sample_format)


def bouncing(box: Box) -> str:
    """A contact that bounces rings once."""
    down, up = "echo pull-down >$p; ", "echo pull-up >$p; "
    for tries in range(1, 6):
        rings = box.rings("GPIO23")
        fast = box.bounce(23, (down + up) * 5 + down)
        box.machine.until("a ring", lambda was=rings: box.rings("GPIO23") > was)
        fast = box.bounce(23, (up + down) * 5 + up) and fast
        time.sleep(0.3)
        if fast:
            break
    expect(fast, True, "a hand that is quick enough")
    expect(box.rings("GPIO23"), rings + 1, "rings")
    return f"5 bounces each way within 20 ms, at try {tries}"


def two_at_once(box: Box) -> str:
    """Two contacts that close together both ring, one pulled up and one pulled down."""
    rings = [box.rings("GPIO23"), box.rings("GPIO24")]
    box.run(f"echo pull-down >$(echo {SIM}23/pull); echo pull-up >$(echo {SIM}24/pull)")
    box.wait_for_rings("GPIO23", rings[0] + 1, "a ring of the one")
    box.wait_for_rings("GPIO24", rings[1] + 1, "a ring of the other")
    box.level(23, True)
    box.level(24, False)
    return ""


def chip_away(box: Box) -> str:
    """A chip that goes away is told, and rings again when it is back."""
    box.unplug_chip()
    box.wait_for_board(False)
    expect(box.health()["status"], "degraded", "status")
    rings = box.rings("GPIO23")
    box.run(f"echo 1 >{CHIP}/live")
    began = time.monotonic()
    box.level(23, True)
    box.level(24, False)
    box.wait_for_board(True)
    took = time.monotonic() - began
    box.level(23, False)
    box.wait_for_rings("GPIO23", rings + 1, "a ring")
    box.level(23, True)
    return f"watched again {took:.1f} s after it was back"


def card_away(box: Box) -> str:
    """A sound card that goes away is told, rings fail in words, and are heard again when it is back."""
    driver = "/sys/bus/platform/drivers/snd_aloop"
    box.run(f"echo snd_aloop.0 >{driver}/unbind")
    box.wait_for_sound(False)
    box.level(23, False)
    time.sleep(0.2)
    box.level(23, True)
    newest = box.machine.until("a ring that failed", lambda: box.journal()[:1])[0]
    expect(newest["outcome"], "failed", "the outcome without a card")
    box.run(f"echo snd_aloop.0 >{driver}/bind")
    box.wait_for_sound(True)
    rings = box.rings("GPIO23")
    box.level(23, False)
    box.wait_for_rings("GPIO23", rings + 1, "a ring")
    box.level(23, True)
    box.machine.until("a ring that was played", lambda: box.journal()[0]["outcome"] == "played")
    return ""


def serial_board(box: Box) -> str:
    """A line from a serial board rings; what it should not send does not."""
    rings = box.rings("DOOR")
    box.machine.board.sendall(b"\x00\xffDOO\nGPIO99\nDOOR\r\n")
    box.wait_for_rings("DOOR", rings + 1, "a ring")
    return "16550 on PCI, " + box.run("readlink -f /dev/board").strip()


def watchdog(box: Box) -> str:
    """A box whose threads do not move is restarted by systemd, and rings again."""
    before = box.run("systemctl show -P MainPID beffroi").strip()
    rings = box.rings("GPIO23")
    box.run(f"kill -STOP {before}")
    began = time.monotonic()

    def look() -> bool:
        now = box.run("systemctl show -P MainPID,ActiveState beffroi").split()
        return before not in now and "active" in now

    box.machine.until("a new process", look, 60)
    took = time.monotonic() - began
    box.wait_for_board(True)
    box.wait_for_sound(True)
    box.level(23, False)
    box.wait_for_rings("GPIO23", rings + 1, "a ring")
    box.level(23, True)
    return f"ready {took:.1f} s after it was stopped (WatchdogSec=4)"


def selftest(box: Box) -> str:
    """`beffroi selftest` on the real board, with a wire."""
    box.run("systemctl stop beffroi")
    wire = (
        f"o=$(echo {SIM}27/value); i=$(echo {SIM}23/pull); was=; while read -r now <$o; do"
        ' [ "$now" = "$was" ] || { if [ $now = 1 ]; then echo pull-up; else echo pull-down; fi >$i; was=$now; }; done'
    )
    box.run(f"sh -c '{wire}' >/dev/null 2>&1 & echo $! >/run/wire")
    command = "beffroi --data /var/lib/beffroi selftest --board raspberry-pi --wire GPIO27:GPIO23"
    code, said = box.machine.attempt(command)
    box.run("kill $(cat /run/wire); systemctl start beffroi")
    if code != 0:
        raise Failed(said)
    return f"{said.count('ok ')} right, {said.count('skipped')} skipped"


SCENES = [
    late_and_held, as_configured, heard_as_configured, bouncing, two_at_once, serial_board,
    chip_away, card_away, watchdog, selftest,
]  # fmt: skip
