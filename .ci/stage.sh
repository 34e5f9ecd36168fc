# shellcheck shell=bash
# The stage of the demonstration: hosts that live on this machine, and words for telling a story
# in which every claim is checked. Sourced by .ci/demo.
#
# A host is a folder for its files, a folder for its state, a port on loopback, and, where the
# kernel lets us mount, users and groups of its own. `concord` runs on it as it would on a machine:
# CONCORD_CONFIG, CONCORD_STATE and CONCORD_HOSTNAME say where and who it is.

declare -A daemon=()   # host -> process id of its daemon
declare -A port=()     # host -> port on 127.0.0.1
scene_title=""         # what is being shown, for a failure's message
scene_number=0
output=""              # what the last shown command said, on both streams
status=0               # and how it ended

# ── Looks ────────────────────────────────────────────────────────────────────────────────────────

bold="" dim="" red="" green="" cyan="" plain=""
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' cyan=$'\e[36m' plain=$'\e[0m'
fi

# The width of the text: never wider than the terminal, never wider than is good to read.
columns=96
text_width=100000   # what concord says is broken between words only on a terminal
if [[ -t 1 ]]; then
  text_width=$(tput cols 2>/dev/null || echo 80)
  if ((text_width < columns)); then columns=$text_width; fi
fi

line() { # COUNT: a rule of that many strokes
  local strokes
  printf -v strokes '%*s' "$1" ''
  printf '%s' "${strokes// /─}"
}

scene() { # TITLE
  scene_number=$((scene_number + 1)) scene_title=$1
  printf '\n%s── %d  %s %s%s\n\n' \
    "$bold" "$scene_number" "$1" "$(line $((columns - ${#1} - 8)))" "$plain"
}

tell() { # TEXT...: one comment, a line for each word given
  printf "$dim# %s$plain\n" "$@"
}

thousands() { # NUMBER: 4402 -> 4 402
  sed -E ':a; s/^([0-9]+)([0-9]{3})/\1 \2/; ta' <<<"$1"
}

megabytes() { # BYTES: 71187657 -> 71.2 MB
  awk -v bytes="$1" 'BEGIN { printf "%.1f MB", bytes / 1e6 }'
}

now() { date +%s.%N; }

seconds_since() { # MOMENT
  awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'
}

# ── Failing ──────────────────────────────────────────────────────────────────────────────────────

fail() { # WHAT WAS EXPECTED
  trap - ERR
  {
    printf '\n%sThe demonstration failed.%s\n' "$red$bold" "$plain"
    printf '  scene     %s\n' "${scene_title:-the preparation}"
    printf '  expected  %s\n' "$1"
    if [[ -n $output ]]; then
      printf '  last said (exit status %s)\n' "$status"
      tail -n 15 <<<"$output" | sed 's/^/    /'
    fi
    local host
    for host in "${!daemon[@]}"; do
      if [[ -s $stage/log/$host ]]; then
        printf '  log of %s\n' "$host"
        tail -n 5 "$stage/log/$host" | sed 's/^/    /'
      fi
    done
  } >&2
  exit 1
}

prove() { # CLAIM COMMAND...: the claim holds if the command succeeds
  local claim=$1
  shift
  "$@" >/dev/null 2>&1 || fail "$claim"
  printf '%s✓%s %s\n' "$green" "$plain" "$claim"
}

# Ends everything that was started and removes everything that was made.
clear_stage() {
  trap '' HUP INT TERM
  local host
  for host in "${!daemon[@]}"; do kill "${daemon[$host]}" 2>/dev/null || true; done
  for host in "${!daemon[@]}"; do wait "${daemon[$host]}" 2>/dev/null || true; done
  [[ -n ${stage:-} ]] && rm -rf --one-file-system -- "$stage"
}

# ── Hosts ────────────────────────────────────────────────────────────────────────────────────────

# Whether a host can have users of its own: that takes leave to mount.
has_namespaces=false
if unshare -m true 2>/dev/null; then has_namespaces=true; fi

free_port() { # prints a port that nobody listens on
  local candidate
  while true; do
    candidate=$((20000 + RANDOM % 12000))
    if ! is_listening "$candidate" && [[ " ${port[*]} " != *" $candidate "* ]]; then
      echo "$candidate"
      return
    fi
  done
}

is_listening() { # PORT: without touching it, as a touch would be a connection
  grep -qE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [0-9A-F]+:0000 0A" /proc/net/tcp /proc/net/tcp6
}

inside() { # HOST WORD...: runs a command on a host, from the root of its files
  local host=$1
  shift
  cd -- "$stage/$host" || exit
  export CONCORD_CONFIG=$stage/concord.cfg CONCORD_STATE=$stage/state/$host CONCORD_HOSTNAME=$host
  export PATH=$stage/bin:$PATH LC_ALL=C.UTF-8
  if $has_namespaces; then
    # shellcheck disable=SC2016 # the inner shell's parameters, not ours
    exec unshare -m sh -c '
      mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/group" /etc/group || exit 71
      shift; exec "$@"' sh "$stage/people/$host" "$@"
  fi
  exec "$@"
}

quietly() { # HOST COMMAND: runs a shell command on a host without showing it
  (inside "$1" bash -c "$2") </dev/null
}

on() { # HOST COMMAND [EXPECTED STATUS]: shows a shell command, runs it, shows what it said
  printf '%s%s$%s %s%s%s\n' "$cyan" "$1" "$plain" "$bold" "$2" "$plain"
  status=0
  output=$(quietly "$1" "$2" 2>&1) || status=$?
  [[ -z $output ]] || shorten <<<"$output"
  case $status in
  0) ;;
  1) printf '%s(exit status 1: a conflict is open)%s\n' "$dim" "$plain" ;;
  2) printf '%s(exit status 2: not in sync with all hosts)%s\n' "$dim" "$plain" ;;
  *) printf '%s(exit status %d)%s\n' "$dim" "$status" "$plain" ;;
  esac
  [[ $status == "${3:-0}" ]] || fail "exit status ${3:-0} from: $1\$ $2"
}

# Of each run of indented lines, which name one path each, only the first few. Lines that are too
# long for the terminal are broken between words.
shorten() {
  awk -v limit="${lines_shown:-3}" -v width="$text_width" '
    function flush() { if (run > limit) print "    … and so on"; run = 0 }
    function put(text,    cut) {
      while (length(text) > width) {
        for (cut = width; cut > 8 && substr(text, cut, 1) != " "; cut--);
        if (cut <= 8) break
        print substr(text, 1, cut - 1)
        text = "      " substr(text, cut + 1)
      }
      print text
    }
    /^  [<>x*-] / { if (++run <= limit) put($0); next }
    { flush(); put($0) }
    END { flush() }'
}

up() { # HOST...: starts their daemons and waits until they listen
  local host tries
  for host in "$@"; do
    (inside "$host" concord serve) </dev/null >>"$stage/log/$host" 2>&1 &
    daemon[$host]=$!
  done
  for host in "$@"; do
    for ((tries = 0; ; tries++)); do
      is_listening "${port[$host]}" && break
      ((tries < 200)) && kill -0 "${daemon[$host]}" 2>/dev/null || fail "a daemon on $host"
      sleep 0.05
    done
  done
}

down() { # HOST...: ends their daemons
  local host
  for host in "$@"; do
    kill "${daemon[$host]}"
    wait "${daemon[$host]}" 2>/dev/null || true
    unset "daemon[$host]"
  done
}

# ── Looking at trees, by other means than concord's ──────────────────────────────────────────────

# Everything about the tree of the working directory, by find, sha256sum and getfacl: for each
# object its name, type, mode, owner and group by name and the link's target; for each file the
# time of its last change and the hash of its content; for each object but links its access lists.
look() {
  set -eo pipefail
  find . -printf '%p\t%y\t%m\t%u:%g\t%l\n' | sort
  find . -type f -printf '%p\t%T@\n' | sort
  find . -type f -print0 | sort -z | xargs -0 -r sha256sum
  find . ! -type l -print0 | sort -z | xargs -0 -r getfacl -p --
}

# Looks at a host's tree, through its own users and groups, and keeps what was seen.
look_at() { # HOST
  mkdir -p "$stage/seen"
  quietly "$1" "$(declare -f look); look" >"$stage/seen/$1"
}

same_trees() { # HOST...
  local host
  for host in "$@"; do
    look_at "$host" || return 1
    # A look that saw too little proves nothing.
    (($(wc -l <"$stage/seen/$host") > 2 * $(find "$stage/$host" | wc -l))) || return 1
    cmp -s "$stage/seen/$1" "$stage/seen/$host" || return 1
  done
}

says() { # HOST FILE TEXT: the file on that host has that line
  grep -qxF -- "$3" "$stage/$1/$2"
}

same() { # A B
  [[ $1 == "$2" ]]
}
