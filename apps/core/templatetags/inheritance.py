"""`{% extends %}` and `{% block %}` as Django's, but what a template extends is looked up once.

Django finds the blocks of every parent anew whenever a page is rendered, and copies each block before it does so. A
compiled template does not change, so neither does what it extends: that is followed at the first rendering and kept.
Pages are the same to the letter.

Django does it where a parent's name is not a constant, in a block that speaks of itself, as for `{{ block.super }}` (no
template that it includes may do so), and while templates are debugged, so that its error page shows the right line.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context, Node, NodeList, Template
from django.template.base import Parser, TextNode, Token, TokenType, Variable
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode, do_block, do_extends

register = template.Library()

ASKS = re.compile(r"\bblock\b")


class Block(BlockNode):
    """A block that is copied only if it asks for what it overrides.

    While its layer is shown, the one below stands in its place, as with Django: parts of it may lead back to its name.
    """

    asks = True

    def render(self, context: Context) -> Any:
        layers = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = layers.get_block(self.name) if layers else None
        if not layers or not isinstance(block, Block) or block.asks:
            return super().render(context)
        layers.pop(self.name)
        with context.push():
            html = block.nodelist.render(context)
        layers.push(self.name, block)
        return html


@dataclass(frozen=True)
class Above:
    """What is above a template: words ahead of its tag, the root, and all blocks of a name, the root's first."""

    words: str
    root: Template
    layers: dict[str, list[BlockNode]]

    def blocks(self) -> BlockContext:
        """The layers, for one rendering."""
        blocks = BlockContext()
        blocks.blocks.update((name, [*layers]) for name, layers in self.layers.items())
        return blocks


class Extends(ExtendsNode):
    """What a template extends."""

    is_followed = False
    above: Above | None = None

    def render(self, context: Context) -> Any:
        if not self.is_followed:
            self.above = follow(self, context)
            self.is_followed = True
        if not self.above or BLOCK_CONTEXT_KEY in context.render_context or is_debugged(context):
            return super().render(context)
        context.render_context[BLOCK_CONTEXT_KEY] = self.above.blocks()
        root: Any = self.above.root
        with context.render_context.push_state(root, isolated_context=False):
            return self.above.words + root._render(context)


def follow(node: ExtendsNode, context: Context) -> Above | None:
    """What stands above; None where a name on the way is given by the page."""
    path, words = [node], ""
    with context.render_context.push():  # which templates were passed on the way is remembered there
        while is_fixed(path[-1]):
            parent = path[-1].get_parent(context)
            first = next((one for one in parent.nodelist if not isinstance(one, TextNode)), None)
            if not isinstance(first, ExtendsNode):
                return Above(words, parent, _layers(parent.nodelist, path))
            words += "".join(one.s for one in parent.nodelist if isinstance(one, TextNode))
            path.append(first)
    return None


def is_debugged(context: Context) -> bool:
    """Whether an error page shows the line of a template."""
    return context.template is not None and context.template.engine.debug


def is_fixed(node: ExtendsNode) -> bool:
    """Whether the parent's name is a constant."""
    name = node.parent_name
    return not isinstance(name, Node) and not isinstance(name.var, Variable) and not name.filters


def _layers(root: NodeList, path: list[ExtendsNode]) -> dict[str, list[BlockNode]]:
    of_root = {node.name: node for node in root.get_nodes_by_type(BlockNode) if isinstance(node, BlockNode)}
    layers = defaultdict(list)
    for blocks in (of_root, *(node.blocks for node in reversed(path))):
        for name, layer in blocks.items():
            layers[name].append(layer)
    return layers


@register.tag
def block(parser: Parser, token: Token) -> Block:
    """As Django's."""
    ahead = [*parser.tokens]  # the next one is the last
    parsed = do_block(parser, token)
    made = Block(parsed.name, parsed.nodelist)
    made.asks = any(asks(one) for one in ahead[len(parser.tokens) :])
    return made


def asks(token: Token) -> bool:
    """Whether it speaks of the block in which it stands: `{{ block.super }}`, or a tag, as `{% with it=block %}`."""
    if token.token_type == TokenType.BLOCK:
        return any(ASKS.search(part) for part in token.contents.split()[1:])
    return token.token_type == TokenType.VAR and ASKS.search(token.contents) is not None


@register.tag
def extends(parser: Parser, token: Token) -> Extends:
    """As Django's."""
    parsed = do_extends(parser, token)
    return Extends(parsed.nodelist, parsed.parent_name)
