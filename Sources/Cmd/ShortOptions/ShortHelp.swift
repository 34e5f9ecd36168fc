/// What is said to a command line that is none.
let shortHelp = """
  csync2's options, carried out by concord. One mode:

    -x [-dr] [FILE...]      look at FILE (else at everything), then meet every peer
    -c [-r] FILE...         look at FILE and record what changed
    -c                      look where hints say, and drop the hints
    -u [-d] [FILE...]       meet every peer without looking first
    -cu                     -c, then -u
    -h [-r] FILE...         keep a hint (as concord: concord -h is help)
    -H                      list the hints
    -m [-F] [-r] FILE...    read FILE again and make sure that it is recorded
    -f [-r] FILE...         this host's FILE wins, now and against each host not met since
    -M                      list what each peer lacks
    -L | -S ME PEER         list what is recorded | and common to both
    -T [ME PEER] [FILE]     compare with peers, byte for byte; -TT shows the differences
    -TI[X][U]               what differs is to become as it is here; X: deletions too
    -o [-r] FILE...         list what the patterns hold, those of compare too
    -R                      drop what nothing needs any more
    -i | -ii | -iii         serve: for inetd | as a daemon | one connection
    -k FILE                 a new key

  Modifiers: -r with all below, -d only say what would happen, -I claim nothing (with -c, -x),
  -F this host wins (with -c, -x, -m), -G GROUPS, -P PEERS, -C NAME, -D STATEDIR, -N HOSTNAME,
  -p PORT, -v... say more, -l to syslog, -t time stamps, -s FILE time stamps into FILE,
  -W FD directories with files of a group, -A and -B without effect.
  --config FILE, --state DIR and --hostname NAME stand for themselves.

  Status 0: done, 1: trouble, 2: -H, -L, -M and -S have nothing to list, -T finds no difference.
  Everything else: concord --help

  """
