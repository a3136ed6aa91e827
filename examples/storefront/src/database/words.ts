/** What the shop sells: one category each, all with a regular plural. */
export const nouns = [
  ...['Apron', 'Armchair', 'Backpack', 'Basket', 'Blanket', 'Blender', 'Bookend', 'Bottle', 'Bowl'],
  ...['Candle', 'Carpet', 'Clock', 'Corkscrew', 'Cushion', 'Decanter', 'Desk', 'Easel', 'Fan'],
  ...['Flowerpot', 'Frame', 'Grater', 'Hammer', 'Hammock', 'Jug', 'Kettle', 'Ladder', 'Lamp'],
  ...['Lantern', 'Mirror', 'Mug', 'Napkin', 'Notebook', 'Pan', 'Pencil', 'Pillow', 'Plate'],
  ...['Puzzle', 'Quilt', 'Radio', 'Rug', 'Scarf Ring', 'Spoon', 'Stool', 'Table', 'Teapot'],
  ...['Towel', 'Tray', 'Umbrella', 'Vase', 'Whistle'],
];

export const adjectives = [
  ...['Amber', 'Blue', 'Bright', 'Copper', 'Cotton', 'Folding', 'Green', 'Grey', 'Heavy', 'Ivory'],
  ...['Light', 'Linen', 'Oak', 'Plain', 'Red', 'Round', 'Small', 'Steel', 'Tall', 'Walnut'],
];
