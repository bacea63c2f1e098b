"""What associations and providers do with modules, credit and awards."""
