"""The professions that stand on the core. They import `core`; they never import each other."""
