# Stands in for Node's official image where no registry of images can be reached: a minimal Debian with the project's
# Node and npm in /usr/local and a user `node`. Kept in the cache until this file or a version in it changes.
# Sourced by image-buildah.sh.

readonly debian=bookworm npm_version=11

# Prints the path of the archive, which it makes when the cache has none.
base_archive() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/muster key archive
  key=$(base_key)
  archive=$cache/base-$key.tar
  if [[ ! -e $archive ]]; then
    mkdir -p "$cache"
    make_base "$work/base.tar" "localhost/muster-base:$key"
    rm -f "$cache"/base-*.tar
    mv "$work/base.tar" "$archive"
  fi
  printf '%s\n' "$archive"
}

base_key() {
  { cat scripts/image-base.sh; node_package; } | sha256sum | cut -c 1-12
}

make_base() {
  local archive=$1 name=$2 container root
  container=$("${buildah[@]}" from scratch)
  root=$("${buildah[@]}" mount "$container")
  debootstrap --variant=minbase "$debian" "$root"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  install -D -m 755 "$(node_binary)" "$root/usr/local/bin/node"
  npm install --global --prefix "$root/usr/local" --ignore-scripts "npm@$npm_version"
  chroot "$root" /usr/sbin/useradd --uid 1000 --user-group --create-home node
  "${buildah[@]}" config --cmd node --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  "${buildah[@]}" commit --rm "$container" "oci-archive:$archive:$name"
} >&2

# The package that brings Node to this machine's architecture, at the version the project pins.
node_package() {
  node -p "const name = 'node-linux-' + process.arch; name + '@' + require('./package.json').optionalDependencies[name]"
}

node_binary() {
  local package name
  package=$(node_package)
  name=${package%@*}
  if [[ $(node -p "require('./node_modules/$name/package.json').version" 2>/dev/null) == "${package#*@}" ]]; then
    printf '%s\n' "$PWD/node_modules/$name/bin/node"
  else
    npm install --prefix "$work/node" --ignore-scripts "$package" >&2
    printf '%s\n' "$work/node/node_modules/$name/bin/node"
  fi
}
