"""Runs pronotepy's own test-suite, unchanged, against the simulator.

usage: pronotepy_suite.py ROOT   (such as http://127.0.0.1:8080/pronote)

The suite names the public demonstration; every request to it goes to the simulator instead, and any other host is
refused, so nothing leaves this machine.
"""

import sys
import unittest
from importlib.metadata import version
from urllib.parse import urlsplit

import requests

DEMONSTRATION = "https://demo.index-education.net/pronote"


def main() -> int:
    root = sys.argv[1].rstrip("/")
    send = requests.Session.request

    def redirected(self, method, url, **options):
        if url.startswith(DEMONSTRATION):
            url = root + url[len(DEMONSTRATION) :]
        if urlsplit(url).hostname != "127.0.0.1":
            raise RuntimeError(f"the suite asked for {url}, which is not this machine")
        return send(self, method, url, timeout=30, **options)

    requests.Session.request = redirected

    # Its other file, test_grade_parsing, talks to no server and would prove nothing here.
    suite = unittest.defaultTestLoader.loadTestsFromName("pronotepy.test_pronotepy")
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    passed = result.testsRun - failed - len(result.skipped)
    print(f"pronotepy-{version('pronotepy')}: {passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 0 if result.wasSuccessful() and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
