export default { title: 'Keys', list: 'Show the keys', search: 'Search' }
