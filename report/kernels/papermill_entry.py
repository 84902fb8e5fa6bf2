"""The target of papermill's entry point `report`. It imports nothing: papermill loads it while half imported itself."""

__all__ = ["ReportEngine"]


class ReportEngine:
    """The default engine of `report.kernels.engine`, which is imported when a notebook is run with it."""

    @staticmethod
    def execute_notebook(notebook, kernel_name, **options):
        """Return the executed notebook."""
        return _engine().execute_notebook(notebook, kernel_name, **options)

    @staticmethod
    def nb_kernel_name(notebook, name=None):
        """Return the kernel's name in the notebook, or `name`."""
        return _engine().nb_kernel_name(notebook, name)

    @staticmethod
    def nb_language(notebook, language=None):
        """Return the language in the notebook, or `language`."""
        return _engine().nb_language(notebook, language)


def _engine():
    from report.kernels.engine import DefaultEngine

    return DefaultEngine
