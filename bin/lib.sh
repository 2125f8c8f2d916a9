# What the scripts share. Sourced, never run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# Debian packages that are missing, installed if we may, else named.
need_packages() {
  local missing=()
  for package in "$@"; do dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: ${missing[*]}" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/tmp/huifang-apt.log 2>&1 || { tail -5 /tmp/huifang-apt.log >&2; exit 1; }
  else
    echo "Please install: sudo apt-get install ${missing[*]}" >&2; exit 1
  fi
}

need_dotnet() {
  command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' && command -v npm >/dev/null && return
  echo "Huifang needs the .NET SDK 10 and Node.js 20 or newer to build. Install both, then run this again." >&2; exit 1
}
