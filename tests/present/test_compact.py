from __future__ import annotations

from analysis.present.charts.compact import compacted


def test_steps_become_horizontal_and_vertical_strokes():
    assert compacted('<path d="M 1.04 2 \nL 3.26 2 \nL 3.26 5.5 \nL 4 6 \nz"/>') == '<path d="M1 2H3.3V5.5L4 6z"/>'


def test_curves_keep_their_corners():
    assert compacted('<path d="M 0 0 C 1.111 2 3 4 -0.04 6 L 7 6"/>') == '<path d="M0 0C1.1 2 3 4 0 6H7"/>'


def test_comments_and_the_document_type_are_left_out():
    got = compacted(
        '<?xml?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD" "http://www.w3.org/x.dtd">\n<svg><!-- Acme -->\n</svg>'
    )
    assert got == "<?xml?>\n<svg></svg>"
