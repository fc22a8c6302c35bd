"""scratch"""

import os, sys, time, select, resource, signal, random
from datetime import UTC, datetime
from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import formats, parse
from tests.growth.constructs import places_of
from tests.growth.seeds import seeds_of

TYPES = {
    ".json": "application/json",
    ".xml": "application/xml",
    ".html": "text/html",
    ".txt": "text/plain",
    ".csv": "text/csv",
}


def doc(name, body, suffix):
    return Document.model_construct(
        id="d",
        source_id="s",
        coverage_id="c",
        received_at=datetime(2024, 5, 2, tzinfo=UTC),
        content_type=TYPES[suffix],
        body=body,
        url=None,
        format=name,
        traceparent=None,
    )


S = Source(id="s")


def child(fn, limit=15):
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
            signal.alarm(limit * 4)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            t = time.process_time()
            out = fn()
            t = time.process_time() - t
            os.write(w, f"{t:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} {out}".encode()[:900])
        except BaseException as e:
            os.write(w, f"99 0 EXC {type(e).__name__} {e}".encode()[:900])
        finally:
            os._exit(0)
    os.close(w)
    data = b""
    while chunk := os.read(r, 4096):
        data += chunk
    os.close(r)
    os.waitpid(pid, 0)
    if not data:
        return 99.0, 0, "KILLED"
    t, m, o = data.decode(errors="replace").split(" ", 2)
    return float(t), int(m), o


def case(name, suffix, place, unit, size):
    body = place.filled(unit, size)

    def run():
        try:
            p = parse(doc(name, body, suffix), S)
            return f"{len(p.posts)} posts {len(p.bad)} bad {(p.bad[0].error[:80] if p.bad else '')}"
        except ParseError as e:
            return f"refused: {str(e)[:90]}"

    return child(run)


def main():
    size = int(sys.argv[1])
    names = sys.argv[2].split(",") if sys.argv[2] != "all" else formats()
    frac = float(sys.argv[3])
    random.seed(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    # warm
    for n in formats():
        for suf, b in seeds_of(n):
            try:
                parse(doc(n, b, suf), S)
            except ParseError as e:
                print("SEED", n, suf, e)
    n = 0
    t0 = time.time()
    for name in names:
        for suf, b in seeds_of(name):
            for place in places_of(suf, b):
                for unit in place.units:
                    if random.random() > frac:
                        continue
                    n += 1
                    t, m, o = case(name, suf, place, unit, size)
                    if t > 0.6 * size / 1e6 or m > 280:
                        print(f"{t:7.2f}s {m:5d}MB {name:18s} {place.name[:60]:60s} {unit[:50]!r} -> {o}", flush=True)
        print("done", name, n, round(time.time() - t0), flush=True)


if __name__ == "__main__":
    main()
