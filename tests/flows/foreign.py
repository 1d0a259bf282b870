"""Code of somebody else that a changed deployment names, and whether it was executed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flows.running import Stack

CODE = """
from pathlib import Path
from prefect import flow
Path({mark!r}).touch()

@flow
def foreign(**_): ...
"""


@dataclass(frozen=True)
class Foreign:
    """A file of code, and the file that it makes when it is executed."""

    code: Path
    mark: Path

    @classmethod
    def written(cls, folder: Path) -> Foreign:
        foreign = cls(folder / "foreign.py", folder / "mark")
        foreign.code.write_text(CODE.format(mark=str(foreign.mark)), encoding="utf-8")
        return foreign

    @property
    def deployment(self) -> dict[str, Any]:
        """What an attacker writes into a deployment: each part would execute the code."""
        step = {"script": self.command}
        return {
            "entrypoint": f"{self.code}:foreign",
            "path": str(self.code.parent),
            "pull_steps": [{"prefect.deployments.steps.run_shell_script": step}],
        }

    @property
    def command(self) -> str:
        """The command that executes it, as a variable of a job."""
        return f"touch {self.mark}"

    def put_into(self, stack: Stack, deployment: str, **more: Any) -> None:
        """Change `deployment`, with the secret."""
        path = f"deployments/{stack.deployment(deployment)}"
        stack.change(path, self.deployment | more)
        assert stack.get(path)["entrypoint"] == self.deployment["entrypoint"]

    def was_executed(self) -> bool:
        return self.mark.exists()
