"""Lists of duties: filters, cells, charts and exports."""
