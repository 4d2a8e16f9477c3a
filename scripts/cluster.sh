#!/bin/sh
# A Dask cluster on the loopback interface: a scheduler and two workers, a batch on it, and the
# same batch by one process; then both are compared, file by file. Needs the extra `dask`.
#
#   scripts/cluster.sh FOLDER_OF_CLIPS [options of steadyhue batch]
set -eu
clips=$1
shift
python=${PYTHON:-.venv/bin/python}
work=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$work"' EXIT

export DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=0 OPENBLAS_NUM_THREADS=1
where="--scheduler-file $work/scheduler.json --no-dashboard"
$python -m distributed.cli.dask_scheduler --host 127.0.0.1 --port 0 $where 2>"$work/log" &
pids=$!
for number in 1 2; do
  $python -m distributed.cli.dask_worker $where --nthreads 1 --host 127.0.0.1 \
    --local-directory "$work/$number" 2>>"$work/log" &
  pids="$! $pids"
done
until [ -s "$work/scheduler.json" ]; do sleep 0.1; done
address=$($python -c "import json, sys; print(json.load(open(sys.argv[1]))['address'])" \
  "$work/scheduler.json")

$python -m steadyhue batch "$clips" -o "$work/dask" --engine dask --scheduler "$address" "$@"
$python -m steadyhue batch "$clips" -o "$work/local" -j 1 "$@"
diff -r --exclude=.steadyhue "$work/dask" "$work/local"
echo "the same bytes: $(find "$work/dask" -type f ! -path '*/.steadyhue/*' | wc -l) files"
