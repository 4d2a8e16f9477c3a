"""Pictures and pages to look at: ribbons, heat maps, contact sheets, players."""
