"""The pages of the report: executed notebooks assembled into one document, rendered as HTML and as PDF.

In order: `assemble` joins the notebooks and adds the appendices, `reading` turns the result into a draft, `markdown`
converts its texts, `composing` numbers and links them; `html`, and `typst_source` with `typst`, render the document.
Their templates, styles and scripts are in `templates/`.
"""
