"""Packs a root file system as a container image: pack.py ROOT.tar ARCHITECTURE VERSION IMAGE.tar

The archive is an OCI image layout (image-spec 1.1) that Docker's `load` reads too: its manifest.json
stands beside OCI's index.json and names the same blobs.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import tempfile
import time

root, architecture, version, image = sys.argv[1:]
epoch = int(os.environ["SOURCE_DATE_EPOCH"])
created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
name = f"beffroi:{version}"


def digest(file):
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


with open(root, "rb") as tar, tempfile.TemporaryFile() as layer, tarfile.open(image, "w") as archive:

    def add(path, content):
        """A member that is the same whoever makes it, whenever."""
        member = tarfile.TarInfo(path)
        member.size = content.seek(0, os.SEEK_END)
        member.mtime = epoch
        content.seek(0)
        archive.addfile(member, content)

    def add_blob(content, media_type):
        """Adds a blob and returns what OCI calls its descriptor."""
        sha256 = digest(content)
        add(f"blobs/sha256/{sha256}", content)
        size = content.seek(0, os.SEEK_END)
        return {"mediaType": f"application/vnd.oci.image.{media_type}", "digest": f"sha256:{sha256}", "size": size}

    def as_json(value):
        return io.BytesIO(json.dumps(value, indent=1).encode())

    with gzip.GzipFile(fileobj=layer, mode="wb", compresslevel=6, mtime=0, filename="") as packed:
        shutil.copyfileobj(tar, packed)
    config = {
        "architecture": architecture,
        "os": "linux",
        "created": created,
        "config": {
            "User": "beffroi",
            "Env": [
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "BEFFROI_DATA=/var/lib/beffroi",
                'BEFFROI_GATEWAY={ "listen": "0.0.0.0:8000" }',
            ],
            "Entrypoint": ["/usr/lib/beffroi/start"],
            "WorkingDir": "/var/lib/beffroi",
            "Volumes": {"/var/lib/beffroi": {}},
            "ExposedPorts": {"8000/tcp": {}, "8443/tcp": {}},
            "StopSignal": "SIGTERM",
            # Docker's own; OCI has none, and others read over it.
            "Healthcheck": {
                "Test": ["CMD", "/usr/lib/beffroi/healthy"],
                "Interval": 30_000_000_000,
                "Timeout": 10_000_000_000,
                "StartPeriod": 10_000_000_000,
                "Retries": 3,
            },
            "Labels": {
                "org.opencontainers.image.title": "Beffroi",
                "org.opencontainers.image.description": "School bell and PRONOTE gateway",
                "org.opencontainers.image.version": version,
                "org.opencontainers.image.licenses": "(MIT OR Apache-2.0) AND CC0-1.0",
            },
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(tar)}"]},
        "history": [{"created": created, "created_by": "mmdebstrap, beffroi.deb"}],
    }
    layers = [add_blob(layer, "layer.v1.tar+gzip")]
    config = add_blob(as_json(config), "config.v1+json")
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": layers,
    }
    manifest = add_blob(as_json(manifest), "manifest.v1+json")
    manifest["platform"] = {"architecture": architecture, "os": "linux"}
    manifest["annotations"] = {"org.opencontainers.image.ref.name": version, "io.containerd.image.name": f"docker.io/library/{name}"}
    add("oci-layout", as_json({"imageLayoutVersion": "1.0.0"}))
    add("index.json", as_json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [manifest]}))
    blob = lambda descriptor: "blobs/" + descriptor["digest"].replace(":", "/")
    add("manifest.json", as_json([{"Config": blob(config), "RepoTags": [name], "Layers": [blob(layer) for layer in layers]}]))
print(f"{image}: {os.path.getsize(image)} bytes, {os.path.getsize(root)} unpacked")
