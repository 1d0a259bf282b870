"""`python -m tests.house.measure [REVISION ...]`: figures of the code's structure, side by side.

Each revision is checked out into a folder of its own; the working tree comes last.
"""

from __future__ import annotations

import ast
import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("catalog", "ledger", "tasks", "flows", "desk")
LISTS = ("desk/commands", "desk/pages", "ledger/migrations/versions")  # one file an entry
MOST = 16  # modules a folder may hold

WORDS = """
asked brought chosen come counted done drafted drawn felt filled followed found given gone had
heard held kept known led left listed looked made meant met mine named ours reached said seen
sent shown spoken taken theirs told tried typed used waited wanted worded written
"""
PARTICIPLES = frozenset(WORDS.split())
QUESTION = re.compile(r"(How|What|Who|Whose|Which|When|Where|Whether|Why)\b")

CIRCLES = """
import grimp, json, sys
sys.path.insert(0, ".")
graph = grimp.build_graph(*sys.argv[1:])
edges = [(a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a)]
circular = [a for a, b in edges if graph.chain_exists(importer=b, imported=a)]
print(json.dumps(sorted(set(circular))))
"""


def figures(root: Path, deed: str = "waive") -> dict[str, object]:
    """Return the figures of the checkout at `root`, by their names."""
    files = [f for floor in FLOORS for f in sorted((root / floor).rglob("*.py"))]
    trees = {f: ast.parse(f.read_text(encoding="utf-8")) for f in files}
    functions = [f for tree in trees.values() for f in ast.walk(tree) if _is_function(f)]
    sizes = sorted(f.end_lineno - f.lineno + 1 for f in functions)
    folders = Counter(str(f.parent.relative_to(root)) for f in files if f.name != "__init__.py")
    large = {name: n for name, n in folders.items() if not name.startswith(LISTS) and n > MOST}
    openings = [ast.get_docstring(tree) or "" for tree in trees.values()]
    return {
        "modules": len(files),
        "folders": len(folders),
        "lines of code": sum(len(f.read_text(encoding="utf-8").splitlines()) for f in files),
        "lines of tests": sum(
            len(f.read_text(encoding="utf-8").splitlines()) for f in (root / "tests").rglob("*.py")
        ),
        f"folders over {MOST} modules": json.dumps(large) if large else 0,
        "statements of code": sum(_statements(tree) for tree in trees.values()),
        "modules in an import circle": len(_circles(root)),
        "lines a function, median": statistics.median(sizes),
        "lines a function, 90 %": sizes[len(sizes) * 9 // 10],
        "lines a function, most": sizes[-1],
        "% of functions with a bare participle": _share(functions),
        "module docstrings that ask": sum(bool(QUESTION.match(o)) for o in openings),
        f"files that name the deed '{deed}'": _files_naming(root, deed),
        "uses of Any": sum(
            isinstance(n, ast.Name) and n.id == "Any" for t in trees.values() for n in ast.walk(t)
        ),
    }


def participles(function: ast.AST) -> frozenset[str]:
    """Return the bare participles among the parameters and locals of a function."""
    names = {
        n.arg if isinstance(n, ast.arg) else n.id
        for n in ast.walk(function)
        if isinstance(n, ast.arg) or (isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    }
    return frozenset(names & PARTICIPLES)


def _statements(tree: ast.AST) -> int:
    """Count the statements without imports and docstrings."""
    passive = ast.Import | ast.ImportFrom
    return sum(
        isinstance(n, ast.stmt) and not isinstance(n, passive) and not _is_docstring(n)
        for n in ast.walk(tree)
    )


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _share(functions: list[ast.AST]) -> int:
    return round(100 * sum(bool(participles(f)) for f in functions) / len(functions))


def _circles(root: Path) -> list[str]:
    """Return the modules that import each other in a circle, type-checking imports included."""
    command = [sys.executable, "-c", CIRCLES, *FLOORS]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def _files_naming(root: Path, deed: str) -> int:
    """Return how many files of the product say the name of a deed as a word of its own."""
    word = re.compile(rf"(?<![\w-]){deed}(?![\w-])")
    files = (f for floor in FLOORS for f in (root / floor).rglob("*") if f.is_file())
    return sum(bool(word.search(f.read_text(encoding="utf-8", errors="ignore"))) for f in files)


def main(revisions: list[str]) -> None:
    """Print a table with a column a revision, the working tree last."""
    columns = {}
    for revision in revisions:
        with tempfile.TemporaryDirectory() as folder:
            archive = subprocess.Popen(
                ["git", "archive", revision], cwd=ROOT, stdout=subprocess.PIPE
            )
            subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
            columns[revision] = figures(Path(folder))
    columns["here"] = figures(ROOT)
    print("| figure |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for name in columns["here"]:
        print(f"| {name} |", " | ".join(str(c[name]) for c in columns.values()), "|")


if __name__ == "__main__":
    main(sys.argv[1:])
