# The image's life without a Docker engine: buildah builds it, and bubblewrap runs it as process 1 on a read-only root,
# with no capabilities and no way to gain any. image-docker.sh answers to the same names.

source scripts/image-base.sh

# `vfs` and `chroot` ask nothing of the kernel, so this works inside a container or a sandbox too.
readonly buildah=(buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs)
readonly tag=localhost/muster-image-check
readonly engine_apart=(setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc)

engine_missing() {
  local tool
  ((EUID == 0)) || echo root
  for tool in buildah:buildah bwrap:bubblewrap debootstrap:debootstrap unshare:util-linux setpriv:util-linux; do
    command -v "${tool%:*}" >/dev/null || echo "${tool%:*} (Debian package ${tool#*:})"
  done
}

# Nothing outlives the namespaces of `engine_apart`.
engine_leave() { :; }

engine_build() {
  local base=${NODE_IMAGE:-} archive container
  if [[ ! $base ]]; then
    archive=$(base_archive)
    base=$("${buildah[@]}" pull --quiet "oci-archive:$archive")
  fi
  "${buildah[@]}" bud --isolation chroot --format docker --build-arg "NODE_IMAGE=$base" "$@" --tag "$tag" .
  container=$("${buildah[@]}" from "$tag")
  "${buildah[@]}" mount "$container" >"$work/root"
}

engine_config() {
  "${buildah[@]}" inspect --type image "$tag" | node -p "JSON.stringify(JSON.parse(fs.readFileSync(0, 'utf8')).Docker.config)"
}

engine_size() { du --summarize --bytes "$(<"$work/root")" | cut --fields 1; }

engine_files() { find "$(<"$work/root")" -mindepth 1 -printf '%P\n'; }

engine_start() {
  as_its_user=(/usr/bin/env --ignore-environment "${image_env[@]}" "$@" setpriv --reuid "${image_user%:*}"
    --regid "${image_user#*:}" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all)
  bwrap --unshare-pid --unshare-ipc --unshare-uts --as-pid-1 --die-with-parent --ro-bind "$(<"$work/root")" / \
    --proc /proc --dev /dev --tmpfs /tmp --chdir "$image_dir" --info-fd 3 \
    -- "${as_its_user[@]}" "${image_command[@]}" 3>"$work/bwrap.json" >"$work/server.log" 2>&1 &
  server=$!
}

engine_runs() { kill -0 "$server" 2>/dev/null; }

engine_inside() {
  nsenter --target "$(process_one)" --mount --pid --ipc --uts --root --wd -- "${as_its_user[@]}" "$@"
}

engine_log() { cat "$work/server.log"; }

engine_stop() {
  kill -TERM "$(process_one)"
  timeout "$1" tail --pid "$server" --sleep-interval 0.1 --follow /dev/null || kill -KILL "$server"
  exit_code=0
  wait "$server" 2>/dev/null || exit_code=$?
}

process_one() { node -p "JSON.parse(fs.readFileSync('$work/bwrap.json', 'utf8'))['child-pid']"; }
