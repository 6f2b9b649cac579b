/**
 * The examples of the API's documentation, which shows their regions: each is run by the test
 * around it. What stands in a region is what a newcomer copies.
 */
package io.dormouse.examples;
