"""The live panel: sliders that update the failure classes on the map."""
