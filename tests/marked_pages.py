"""Finds the words on a report's page that are not translated."""

import html
import re


def mark(text):
    """A language in which every text is in brackets."""
    return f"⟦{text}⟧"


def unmarked(page):
    """Words that are shown outside the brackets; without the provenance, whose entries are the rasters' metadata."""
    page = re.sub(r"<style>.*?</style>|<h2>⟦Provenance⟧</h2>.*?</table>", "", page, flags=re.DOTALL)
    shown = html.unescape(re.sub("<[^>]*>", "\n", page)).replace("…", "⟧")  # of labels that are cut
    while re.search("⟦[^⟦⟧]*⟧", shown):
        shown = re.sub("⟦[^⟦⟧]*⟧", "", shown)
    return sorted(set(re.findall("[A-Za-z]{4,}", shown)))
