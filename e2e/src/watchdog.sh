# Ends what another process started, when that process has ended: however it ended, its end closes our input.
# $1 is its directory. The orders that it sends: "watch PID", "forget PID", "keep".

# A terminal sends its signals to us too; the order of things is decided by our input alone.
trap '' HUP INT TERM

pids=
keep=
while read -r order pid; do
  case $order in
    watch) pids="$pid $pids" ;;
    forget)
      rest=
      for other in $pids; do
        [ "$other" = "$pid" ] || rest="$rest $other"
      done
      pids=$rest
      ;;
    keep) keep=yes ;;
  esac
done

# The latest first; each leads a process group of its own.
for pid in $pids; do
  kill -s KILL -- "-$pid"
done

# A process that is just ending may still write.
rm -rf "$1/work" || { sleep 1; rm -rf "$1/work"; }
[ -n "$keep" ] || rm -rf "$1"
