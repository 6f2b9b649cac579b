package io.dormouse.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Called when a socket has joined; see {@link Namespace#onConnect}. The method takes a {@link
 * Socket}, a {@link Handshake}, both in this order, or nothing.
 *
 * {@snippet class="AnnotatedExample" region="on-connect"}
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnConnect {}
