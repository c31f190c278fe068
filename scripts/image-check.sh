# What the image promises, one line each, in the order of its life; the first that is broken ends the run.
# Started by image.sh, which gives it `engine` and `work`.
set -euo pipefail
shopt -s inherit_errexit
source "scripts/image-$engine.sh"
# Where the lines go, whatever the output of a step is turned to when it breaks.
exec {report}>&1

main() {
  promise 'the image builds' build
  promise 'it names a user by number who is not root' names_a_user
  promise 'it holds the production packages and no other' holds_production_packages
  promise 'it holds the server and the demo page, and nothing else of the project' holds_the_server
  promise 'it starts on a read-only root' start
  promise 'its process is not root and has no capabilities' runs_without_rights
  promise 'it is ready' get /readyz
  promise 'it serves the demo page with its script' serves_the_demo
  promise 'it is well by its own health check' engine_inside "${health_check[@]}"
  promise 'it ends cleanly on SIGTERM' stop
  printf 'image: %s MB, of which %s MB are /app\n' "$(megabytes "$(engine_size)")" "$app_size"
}

promise() {
  doing=$1
  local since=$SECONDS
  "${@:2}" >"$work/output" 2>&1
  printf 'ok    %s%s\n' "$doing" "$( ((SECONDS - since < 2)) || echo " ($((SECONDS - since)) s)")"
  doing=''
}

explain() {
  local status=$?
  if ((status)); then
    printf 'FAIL  %s\n' "${doing:-image-check.sh}"
    tail --lines 60 "$work/output"
    if [[ ${started:-} ]]; then engine_log | tail --lines 40; fi
  fi >&"$report" 2>&1
  exit "$status"
}
trap explain EXIT

build() {
  local secrets=()
  npm_access
  engine_build "${secrets[@]}"
  read_config
}

# How npm reaches its registry from here, handed to the build as secrets; paths of this machine are left out.
npm_access() {
  local file ca
  for file in "$(npm config get globalconfig)" "$(npm config get userconfig)"; do
    if [[ -f $file ]]; then grep --invert-match --extended-regexp '^ *(cafile|cache|prefix|nodedir) *=' "$file" || true; fi
  done >"$work/npmrc"
  printf '\nregistry=%s\n' "$(npm config get registry)" >>"$work/npmrc"
  ca=$(npm config get cafile)
  [[ -f $ca ]] || ca=${NODE_EXTRA_CA_CERTS:-}
  if [[ -f $ca ]]; then
    echo 'cafile=/run/secrets/npm-ca' >>"$work/npmrc"
    secrets+=(--secret "id=npm-ca,src=$ca")
  fi
  secrets+=(--secret "id=npmrc,src=$work/npmrc")
}

read_config() {
  engine_config >"$work/config.json"
  image_user=$(config image.User)
  image_dir=$(config image.WorkingDir)
  config_list image_env image.Env
  config_list image_command '[...(image.Entrypoint ?? []), ...image.Cmd]'
  config_list health_check 'image.Healthcheck.Test.slice(1)'
}

config() { node -p "const image = JSON.parse(fs.readFileSync('$work/config.json', 'utf8')); $1"; }

config_list() {
  local lines
  lines=$(config "($2).join('\\n')")
  mapfile -t "$1" <<<"$lines"
}

names_a_user() { [[ $image_user =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]]; }

holds_production_packages() {
  engine_files | sed 's|/$||' >"$work/files"
  node - "$work/files" <<'JS'
const { readFileSync } = require('node:fs')
const files = new Set(readFileSync(process.argv[2], 'utf8').split('\n'))
const packages = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages).filter(([path]) => path)
const leftOut = (entry) => Boolean(entry.dev || entry.optional || entry.devOptional || entry.peer)
const wrong = packages.filter(([path, entry]) => files.has(`app/${path}`) === leftOut(entry))
for (const [path, entry] of wrong) console.log(leftOut(entry) ? 'not wanted:' : 'missing:', path)
process.exitCode = wrong.length ? 1 : 0
JS
}

holds_the_server() {
  diff <(printf '%s\n' dist dist/demo muster.config.ts node_modules package.json src) \
    <(sed --quiet --regexp-extended 's#^app/([^/]+|dist/[^/]+)$#\1#p' "$work/files" | sort)
}

start() {
  port=$(node -e "const server = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(server.address().port); server.close() })")
  engine_start "PORT=$port" "SESSION_SECRET=$(node -p "require('crypto').randomBytes(32).toString('hex')")"
  started=yes
  local tries answer
  for ((tries = 0; tries < 60; tries++)); do
    engine_runs
    if answer=$(get /healthz); then return; fi
    sleep 0.25
  done
  echo "no 200 in time: $answer"
  false
}

runs_without_rights() {
  engine_inside cat /proc/1/status | tee "$work/status"
  local uid=${image_user%:*}
  grep --quiet --perl-regexp "^Uid:\t$uid\t$uid\t$uid\t$uid$" "$work/status"
  grep --quiet --perl-regexp '^CapEff:\t0+$' "$work/status"
  grep --quiet --perl-regexp '^NoNewPrivs:\t1$' "$work/status"
}

# Prints what the server answers at a path; anything but a 200 is a failure.
get() {
  node - "http://127.0.0.1:$port$1" <<'JS'
const ask = async (url) => {
  const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  console.log(reply.status, url, await reply.text())
  if (reply.status !== 200) process.exitCode = 1
}
ask(process.argv[2]).catch((error) => {
  console.log(error.message, error.cause?.message)
  process.exitCode = 1
})
JS
}

serves_the_demo() {
  local script
  script=$(get / | grep --only-matching --perl-regexp '<script[^>]* src="\.?\K/[^"]+' | head -n 1)
  get "$script"
}

stop() {
  app_size=$(megabytes "$(engine_inside du --summarize --bytes /app | cut --fields 1)")
  engine_stop 10
  echo "exit code $exit_code"
  ((exit_code == 0))
}

megabytes() { echo $((($1 + 500000) / 1000000)); }

main
