# The image's life in a Docker engine; image-buildah.sh answers to the same names.

readonly tag=muster-image-check:${work##*.} name=muster-image-check-${work##*.}
readonly engine_apart=()

engine_missing() { :; }

engine_leave() {
  docker rm --force "$name" >/dev/null 2>&1 || true
  docker image rm "$tag" >/dev/null 2>&1 || true
}

engine_build() { docker build ${NODE_IMAGE:+--build-arg "NODE_IMAGE=$NODE_IMAGE"} "$@" --tag "$tag" .; }

engine_config() { docker image inspect --format '{{json .Config}}' "$tag"; }

engine_size() { docker image inspect --format '{{.Size}}' "$tag"; }

engine_files() {
  docker create --name "$name" "$tag" >/dev/null
  docker export "$name" | tar --list
  docker rm "$name" >/dev/null
}

engine_start() {
  docker run --detach --name "$name" --publish "127.0.0.1:$port:$port" --read-only --tmpfs /tmp --cap-drop ALL \
    --security-opt no-new-privileges:true "${@/#/--env=}" "$tag" >/dev/null
}

engine_runs() { [[ $(docker inspect --format '{{.State.Running}}' "$name") == true ]]; }

engine_inside() { docker exec "$name" "$@"; }

engine_log() { docker logs "$name" 2>&1; }

engine_stop() {
  docker stop --time "$1" "$name" >/dev/null
  exit_code=$(docker inspect --format '{{.State.ExitCode}}' "$name")
}
