"""``setup package``: what the Salesforce organization needs, as metadata to deploy."""

import argparse
from pathlib import Path
from typing import Any

from syncer.application.container import Application
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register
from syncer.configuration.config_file import default_document
from syncer.connectors.salesforce.setup_package import PERMISSION_SET, setup_package


def add(subparsers: Any) -> None:
    """Add the command."""
    group = subparsers.add_parser("setup", help="prepare Salesforce for the sync").add_subparsers(
        metavar="COMMAND", required=True
    )
    package = group.add_parser(
        "package", help="write the ID fields, an object for conversations and a permission set as metadata"
    )
    package.add_argument("folder", type=Path, help="a new folder")
    package.add_argument(
        "--contact-object",
        metavar="NAME",
        help="the object that takes the contacts (by default the configured)",
    )
    package.add_argument(
        "--conversation-object",
        metavar="NAME",
        help="the object for conversations (by default the configured)",
    )
    package.add_argument("--without-conversations", action="store_true", help="leave that object out")
    register(package, _package)


def _package(options: argparse.Namespace, application: Application) -> int:
    current = application.configuration.current()
    preferences = (current[1] if current else default_document())["preferences"]
    conversations = options.conversation_object or preferences["conversation_entity"]
    try:
        files = setup_package(
            options.contact_object or preferences["contact_entity"],
            None if options.without_conversations else conversations,
        )
    except ValueError as error:
        raise CommandError(str(error), EXIT_USAGE) from None
    folder: Path = options.folder
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty. Name a new folder.", EXIT_USAGE)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{folder} cannot be written ({error.strerror}).", EXIT_USAGE) from None
    command = f"sf project deploy start --metadata-dir {folder}"
    print_result(
        options.json,
        {"folder": str(folder), "files": sorted(files), "deploy": command, "permission_set": PERMISSION_SET},
        f"{folder} holds {len(files)} files. Deploy them, first to a Salesforce sandbox:",
        "",
        f"  {command}",
        "",
        f"Then assign the permission set {PERMISSION_SET} to the user who connects.",
    )
    return EXIT_DONE
