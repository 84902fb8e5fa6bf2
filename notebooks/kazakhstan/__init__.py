"""The subject of this report: what names its countries, official series, flows and goods."""
