"""Spreadsheets of any office read into grids, and what their lines become."""
