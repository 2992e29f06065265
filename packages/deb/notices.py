"""Prints who wrote what the program is linked with, and under which licences: notices.py PACKAGE TARGET"""

import json
import pathlib
import subprocess
import sys

package, target = sys.argv[1:]
metadata = json.loads(
    subprocess.check_output(
        ["cargo", "metadata", "--locked", "--format-version=1", f"--filter-platform={target}"]
    )
)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}

# What is linked in: neither what tests need nor what only runs while building.
linked, left = set(), [id for id in nodes if packages[id]["name"] == package]
while left:
    node = nodes[left.pop()]
    if node["id"] not in linked:
        linked.add(node["id"])
        left += [d["pkg"] for d in node["deps"] if any(k["kind"] is None for k in d["dep_kinds"])]

texts = {}  # a text that many share is printed once
for crate in sorted((packages[id] for id in linked), key=lambda crate: crate["id"]):
    if crate["source"] is None:
        continue
    name = f"{crate['name']} {crate['version']} ({crate['license'] or crate['license_file']})"
    folder = pathlib.Path(crate["manifest_path"]).parent
    files = sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"))
    )
    text = "\n\n".join(file.read_text(errors="replace").strip() for file in files)
    authors = ", ".join(crate["authors"])
    texts.setdefault(text or f"No licence file in the crate. Authors: {authors or 'not named'}.", []).append(name)
if not texts:
    sys.exit(f"notices.py: {package} is linked with nothing; is that its name?")
for text, names in texts.items():
    print("=" * 80, *names, "", text, "", sep="\n")
