"""Commands for a release: the weights, the package, the tests on other versions of QGIS, the demo."""
