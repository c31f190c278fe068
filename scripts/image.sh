#!/usr/bin/env bash
# Builds the image, starts it and holds it to what the Dockerfile promises. `scripts/image.sh` is all there is to say.
# A Docker engine is used where one answers; elsewhere buildah and bubblewrap stand in for it, and want root.
# Settings: NODE_IMAGE, the base to build on; TMPDIR, with room for 2 GB; XDG_CACHE_HOME, where the stand-in base is kept.
#
# This file only watches: image-check.sh does the work, in a directory and in namespaces that end with it, so that no
# process, mount or file stays behind, however it ends.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022

engine=buildah
if docker info >/dev/null 2>&1; then engine=docker; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/muster-image.XXXXXX")
export engine work
source "scripts/image-$engine.sh"

leave() {
  if [[ ${check:-} ]]; then { kill -KILL -- "-$check" && wait "$check"; } 2>/dev/null || true; fi
  engine_leave
  # A process that was just killed may still be letting go of its files.
  rm -rf "$work" 2>/dev/null || { sleep 1 && rm -rf "$work"; }
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

missing=$(engine_missing)
if [[ $missing ]]; then
  printf 'image: no Docker engine answers, and without one this needs %s\n' "${missing//$'\n'/, }" >&2
  exit 1
fi

# Job control gives the check a process group of its own, so that one signal reaches all of it.
set -m
"${engine_apart[@]}" bash scripts/image-check.sh &
check=$!
wait "$check"
