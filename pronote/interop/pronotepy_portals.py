"""pronotepy's own ENT functions against the fake portals: what they get through, the fakes play well.

    python pronotepy_portals.py target/debug/pronote-simulator [NAME ...]

One line for each that fails, then how many passed and failed.

pronotepy 2.15.7 knows EduConnect as it was until 2025 only, so the fake one plays that.
"""

import subprocess
import sys
from urllib.parse import urlsplit

import pronotepy
import requests
from pronotepy import ent

SECONDS_A_HOP = 30


def moved(origin, ask):
    """Sends what is for the portals' hosts to the simulator."""

    def request(session, method, url, **rest):
        parts = urlsplit(url)
        if parts.hostname not in (None, "127.0.0.1"):
            query = "?" + parts.query if parts.query else ""
            url = f"{origin}/ent/{parts.hostname}{parts.path}{query}"
        # pronotepy waits for ever.
        rest["timeout"] = SECONDS_A_HOP
        return ask(session, method, url, **rest)

    return request


def function(name):
    """The function; that for Rennes does not take the argument that pronotepy's own client passes."""
    found = getattr(ent, name)
    return (lambda user, password, **_: found(user, password)) if name == "ac_rennes" else found


def sign_in(simulator, name):
    command = [simulator, "--address", "127.0.0.1:0", "--portal", name, "--old-educonnect"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        ask = requests.Session.request
        try:
            root = server.stdout.readline().strip()
            requests.Session.request = moved(root.removesuffix("/pronote"), ask)
            client = pronotepy.Client(
                f"{root}/eleve.html",
                username="demonstration",
                password="pronotevs",
                ent=function(name),
            )
            return client.logged_in
        finally:
            requests.Session.request = ask
            server.terminate()


def main(simulator, names):
    known = [name for name, value in vars(ent).items() if callable(value) and not name.startswith("_")]
    names = names or known
    failed = 0
    for name in names:
        try:
            outcome = "ok" if sign_in(simulator, name) else "not logged in"
        except Exception as error:  # noqa: BLE001: each is a row of the report
            outcome = f"{type(error).__name__}: {error}"
        if outcome != "ok":
            failed += 1
            print(f"{name}: {outcome}", file=sys.stderr)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
