"""Public names are told and typed."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.frame.reading import Function, Module, is_public, modules, plant, public_definitions


def untold(found: dict[str, Module]) -> list[str]:
    """Public modules, classes and functions without a docstring."""
    missing = [
        name for name, module in found.items() if is_public(name) and module.tree.body and not has_words(module.tree)
    ]
    for module in filter(lambda module: is_public(module.name), found.values()):
        missing += [
            f"{module.name}:{node.lineno} {name}"
            for name, node in public_definitions(module)
            if not has_words(node) and not inherits_words(name, found)
        ]
    return missing


def inherits_words(name: str, found: dict[str, Module]) -> bool:
    """Whether a method `Class.method` is told on a class above; to repeat it there would say nothing."""
    owner, _, method = name.partition(".")
    classes = {node.name: node for module in found.values() for node in classes_of(module)}
    above = [base.id for base in classes[owner].bases if isinstance(base, ast.Name)] if method else []
    told = dict(item for module in found.values() for item in public_definitions(module))
    return any(
        (f"{base}.{method}" in told and has_words(told[f"{base}.{method}"]))
        or (base in classes and inherits_words(f"{base}.{method}", found))
        for base in above
    )


def classes_of(module: Module) -> list[ast.ClassDef]:
    """The classes at the top of a module."""
    return [node for node in module.tree.body if isinstance(node, ast.ClassDef)]


def has_words(node: ast.Module | ast.ClassDef | Function) -> bool:
    """Whether there is a docstring."""
    return bool((ast.get_docstring(node) or "").strip())


def untyped(found: dict[str, Module]) -> list[str]:
    """Public functions of which an argument or the answer has no type."""
    return [
        f"{module.name}:{node.lineno} {name}"
        for module in found.values()
        for name, node in public_definitions(module)
        if isinstance(node, Function) and not is_typed(node)
    ]


def is_typed(node: Function) -> bool:
    """Whether every argument but `self` and `cls` and the answer have their types."""
    taken = node.args
    named = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs, *filter(None, (taken.vararg, taken.kwarg))]
    bare = [argument.arg for argument in named if argument.annotation is None]
    return node.returns is not None and set(bare) <= {"self", "cls"}


def test_every_public_name_has_a_docstring() -> None:
    assert untold(modules()) == []


def test_every_public_function_has_its_types() -> None:
    assert untyped(modules()) == []


def test_a_silent_function_is_found(tmp_path: Path) -> None:
    found = plant(tmp_path, lake='"""The lake."""\n\ndef read():\n    return 1\n\ndef _inside():\n    return 2\n')
    assert untold(found) == ["intarsia.lake:3 read"]
    assert untyped(found) == ["intarsia.lake:3 read"]


def test_a_method_that_is_told_above_need_not_be_told_again(tmp_path: Path) -> None:
    text = '"""L."""\n\nclass A:\n    """A."""\n    def f(self):\n        """F."""\n\nclass B(A):\n    """B."""\n'
    found = plant(tmp_path, lake=text + "    def f(self):\n        pass\n    def g(self):\n        pass\n")
    assert untold(found) == ["intarsia.lake:12 B.g"]
